"use strict";
(function () {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const one = (id) => document.getElementById(id);
  const ticked = (name) => new Set(all("input." + name).filter((b) => b.checked).map((b) => b.value));
  let pictures = null;
  function load(root) {
    const waiting = all("img[data-pic]", root);
    if (!waiting.length) return;
    if (!pictures) pictures = JSON.parse(one("pictures").textContent);
    for (const image of waiting) {
      image.src = "data:image/jpeg;base64," + pictures[Number(image.dataset.pic)];
      image.removeAttribute("data-pic");
    }
  }
  function filterFindings() {
    const words = one("q").value.trim().toLowerCase();
    const severities = ticked("sev");
    const verdicts = ticked("ver");
    for (const group of all("#findings .group")) {
      const fits = severities.has(group.dataset.sev) && verdicts.has(group.dataset.ver);
      group.hidden = !(fits && (!words || group.textContent.toLowerCase().includes(words)));
    }
  }
  function filterRows() {
    const words = one("rq").value.trim().toLowerCase();
    const trouble = one("onlytrouble").checked;
    for (const row of all("#ledger tbody.row")) {
      const bad = row.classList.contains("fail") || row.classList.contains("undecided");
      row.hidden = (trouble && !bad) || (Boolean(words) && !row.rows[0].textContent.toLowerCase().includes(words));
    }
  }
  function toggle(button) {
    const chain = one(button.getAttribute("aria-controls"));
    chain.hidden = !chain.hidden;
    button.setAttribute("aria-expanded", String(!chain.hidden));
    if (!chain.hidden) load(chain);
  }
  function reveal() {
    const target = location.hash.length > 1 ? one(decodeURIComponent(location.hash.slice(1))) : null;
    const holder = target && target.closest("details");
    if (holder) { holder.open = true; target.scrollIntoView(); }
  }
  document.addEventListener("click", (event) => {
    const more = event.target.closest("button.more");
    if (more) toggle(more);
    if (event.target.closest("#openall")) {
      const groups = all("#findings .group");
      const shut = groups.some((g) => !g.open);
      groups.forEach((g) => { g.open = shut; });
    }
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "q" || event.target.matches(".sev, .ver")) filterFindings();
    if (event.target.id === "rq" || event.target.id === "onlytrouble") filterRows();
  });
  window.addEventListener("hashchange", reveal);
  window.addEventListener("beforeprint", () => all("#findings details").forEach((d) => { d.open = true; }));
  reveal();
})();
