"use strict";
(function () {
  const one = (id) => document.getElementById(id);
  if (!one("new")) { document.body.classList.add("ready"); return; }
  const csrf = document.querySelector('meta[name="csrf"]').content;
  const words = JSON.parse(one("words").textContent);
  const trouble = (text) => { one("j-error").textContent = text; one("job").hidden = true; };
  async function start(path, body, headers) {
    one("j-error").textContent = "";
    one("job").hidden = false;
    one("j-stage").textContent = words.sending;
    one("j-bar").removeAttribute("value");
    try {
      const answer = await fetch(path, { method: "POST", credentials: "same-origin", body, headers: Object.assign({ "X-CSRF-Token": csrf }, headers) });
      const found = await answer.json().catch(() => ({}));
      if (!answer.ok) return trouble(found.error || words.failed + " (" + answer.status + ")");
      watch(found.job);
    } catch { trouble(words.failed); }
  }
  async function watch(job) {
    const answer = await fetch("/jobs/" + job, { credentials: "same-origin" });
    if (!answer.ok) return trouble(words.failed);
    const found = await answer.json();
    if (found.state === "failed") return trouble(found.error || words.failed);
    if (found.state === "done") { location.assign("/cases/" + found.case); return; }
    one("j-stage").textContent = found.name + " · " + (found.stage || words.reading) + (found.total ? " " + found.done + " / " + found.total : "");
    if (found.total) { one("j-bar").max = found.total; one("j-bar").value = found.done; }
    setTimeout(() => watch(job), 400);
  }
  one("upload").addEventListener("submit", (event) => {
    event.preventDefault();
    const form = new FormData();
    for (const file of one("files").files) form.append("files", file, file.webkitRelativePath || file.name);
    start("/upload", form, {});
  });
  one("choose").addEventListener("submit", (event) => {
    event.preventDefault();
    start("/choose", JSON.stringify({ folder: one("folder").value }), { "Content-Type": "application/json" });
  });
  document.body.classList.add("ready");
})();
