"use strict";
(function () {
  const table = document.getElementById("cases");
  const body = table.tBodies[0];
  const value = (row, column) => {
    const cell = row.cells[column];
    // A case that could not be read has no figures: always last but by its own columns.
    if (cell === undefined || cell.colSpan > 1) return -1e18;
    return cell.dataset.sort === undefined ? cell.textContent.trim() : Number(cell.dataset.sort || "-1e18");
  };
  let sorted = { column: -1, down: true };
  for (const button of table.querySelectorAll("button.sort")) {
    button.addEventListener("click", () => {
      const column = Number(button.dataset.column);
      const down = sorted.column === column ? !sorted.down : true;
      sorted = { column, down };
      const rows = Array.from(body.rows);
      rows.sort((a, b) => {
        const x = value(a, column), y = value(b, column);
        const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), "zh");
        return down ? -order : order;
      });
      for (const row of rows) body.append(row);
      for (const other of table.querySelectorAll("th")) other.removeAttribute("aria-sort");
      button.parentElement.setAttribute("aria-sort", down ? "descending" : "ascending");
    });
  }
  const search = document.getElementById("q");
  const boxes = Array.from(document.querySelectorAll("input.only"));
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const sift = () => {
    const words = search.value.trim().toLowerCase();
    const states = boxes.filter((b) => b.checked).map((b) => b.value);
    let count = 0;
    for (const row of body.rows) {
      const fits = words === "" || row.textContent.toLowerCase().includes(words);
      row.hidden = !(fits && (states.length === 0 || states.includes(row.dataset.state)));
      if (!row.hidden) count += 1;
    }
    shown.textContent = count === Number(shown.dataset.all) ? shown.dataset.all : count + " / " + shown.dataset.all;
    none.hidden = count !== 0;
  };
  search.addEventListener("input", sift);
  for (const box of boxes) box.addEventListener("change", sift);
})();
