"use strict";
(function () {
  const table = document.getElementById("cases");
  const body = table.tBodies[0];
  const value = (row, column) => {
    const cell = row.cells[column];
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
  search.addEventListener("input", () => {
    const words = search.value.trim().toLowerCase();
    for (const row of body.rows) row.hidden = words !== "" && !row.textContent.toLowerCase().includes(words);
  });
})();
