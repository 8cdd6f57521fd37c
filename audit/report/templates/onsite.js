"use strict";
(function () {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const one = (id) => document.getElementById(id);
  const about = JSON.parse(one("about").textContent);
  const form = one("answers");
  const store = "hezheng.onsite." + about.pack;
  let pictures = null;
  function values() {
    const found = {};
    for (const field of all("input[name], textarea[name]", form)) {
      if (field.type === "radio") { if (field.checked) found[field.name] = field.value; }
      else if (field.type === "checkbox") { if (field.checked) found[field.name] = true; }
      else if (field.value.trim()) found[field.name] = field.value.trim();
    }
    return found;
  }
  function fill(found) {
    for (const field of all("input[name], textarea[name]", form)) {
      const value = found[field.name];
      if (field.type === "radio") field.checked = value === field.value;
      else if (field.type === "checkbox") field.checked = value === true;
      else field.value = typeof value === "string" ? value : "";
    }
    marks();
  }
  function marks() {
    const found = values();
    let done = 0;
    for (const thing of all(".thing")) {
      const state = form.querySelector('[name="i.' + thing.dataset.item + '.state"]:checked');
      const mark = thing.querySelector("[data-mark]");
      mark.textContent = state ? state.parentElement.textContent.trim() : "";
      const good = state && state === form.querySelector('[name="i.' + thing.dataset.item + '.state"]');
      mark.className = "badge" + (state ? (good ? " pass" : " undecided") : "");
      if (state) done += 1;
    }
    one("progress").textContent = done + " / " + about.keys.length;
    return found;
  }
  function answers() {
    const found = { schema: 1, pack: about.pack, case: about.case, items: {}, questions: {} };
    for (const [name, value] of Object.entries(values())) {
      const parts = name.split(".");
      if (parts.length !== 3) { found[name] = value; continue; }
      const holder = parts[0] === "i" ? found.items : found.questions;
      holder[parts[1]] = Object.assign(holder[parts[1]] || {}, { [parts[2]]: value });
    }
    return found;
  }
  function flat(found) {
    const out = {};
    for (const [name, value] of Object.entries(found)) if (typeof value !== "object") out[name] = value;
    for (const [short, part] of [["i", found.items], ["q", found.questions]]) {
      for (const [key, entry] of Object.entries(part || {})) {
        for (const [name, value] of Object.entries(entry)) out[short + "." + key + "." + name] = value;
      }
    }
    return out;
  }
  function say(text) { one("said").textContent = text; }
  form.addEventListener("input", () => {
    marks();
    try { localStorage.setItem(store, JSON.stringify(answers())); } catch { /* a full or closed store: the file is what counts */ }
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  one("save").addEventListener("click", () => {
    if (!values().inspectors) { say(about.words.names); form.elements.inspectors.focus(); return; }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(answers(), null, 1)], { type: "application/json" }));
    link.download = "onsite-answers-" + about.pack + ".json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    say(about.words.saved + " " + link.download);
  });
  one("load").addEventListener("change", async (event) => {
    try {
      const found = JSON.parse(await event.target.files[0].text());
      if (found.pack !== about.pack) throw new Error("pack");
      fill(flat(found));
      say(about.words.loaded);
    } catch { say(about.words.wrong); }
  });
  for (const pick of all("[data-photos]")) {
    pick.addEventListener("change", () => {
      const field = form.elements[pick.dataset.photos];
      const names = Array.from(pick.files, (f) => f.name);
      field.value = Array.from(new Set(field.value.split(/[,，;；\s]+/).filter(Boolean).concat(names))).join(", ");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  form.addEventListener("toggle", (event) => {
    if (!event.target.open) return;
    for (const image of all("img[data-pic]", event.target)) {
      if (!pictures) pictures = JSON.parse(one("pictures").textContent);
      image.src = "data:image/jpeg;base64," + pictures[Number(image.dataset.pic)];
      image.removeAttribute("data-pic");
    }
  }, true);
  window.addEventListener("beforeprint", () => all("details.thing").forEach((d) => { d.open = true; }));
  try { const kept = localStorage.getItem(store); if (kept) fill(flat(JSON.parse(kept))); } catch { /* nothing kept */ }
  marks();
})();
