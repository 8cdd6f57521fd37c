"use strict";
(function () {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const query = document.getElementById("q");
  const groups = all("#findings .group");
  const ticked = (name) => new Set(all("input." + name).filter((b) => b.checked).map((b) => b.value));
  function filter() {
    const words = (query.value || "").trim().toLowerCase();
    const severities = ticked("sev");
    const verdicts = ticked("ver");
    for (const group of groups) {
      const fits = severities.has(group.dataset.sev) && verdicts.has(group.dataset.ver);
      group.hidden = !(fits && (!words || group.textContent.toLowerCase().includes(words)));
    }
  }
  if (query) {
    query.addEventListener("input", filter);
    all(".filters input[type=checkbox]").forEach((box) => box.addEventListener("change", filter));
    document.getElementById("openall").addEventListener("click", () => {
      const shut = groups.some((g) => !g.open);
      groups.forEach((g) => { g.open = shut; });
    });
  }
  for (const button of all("button.more")) {
    button.addEventListener("click", () => {
      const chain = button.closest("tbody").querySelector(".chain");
      chain.hidden = !chain.hidden;
      button.setAttribute("aria-expanded", String(!chain.hidden));
    });
  }
  function reveal() {
    const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    const holder = target && target.closest("details");
    if (holder) { holder.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", reveal);
  window.addEventListener("beforeprint", () => all("#findings details").forEach((d) => { d.open = true; }));
  reveal();
})();
