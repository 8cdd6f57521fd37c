"use strict";
(function () {
  const one = (id) => document.getElementById(id);
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const meta = (name) => document.querySelector('meta[name="' + name + '"]').content;
  const words = JSON.parse(one("words").textContent);
  const base = "/cases/" + meta("case");
  const actor = one("actor");
  const view = { page: -1, count: 0, fields: [], zoom: 1, turn: 0, entry: null, ratio: 1.414 };
  let doubts = [];
  let place = -1;
  let checking = 0;
  let asking = null;
  let busy = false;

  // --- talking to the server ------------------------------------------------------------------
  async function get(path) {
    const answer = await fetch(base + path, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }
  async function post(path, values) {
    const answer = await fetch(base + path, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": meta("csrf") },
      body: JSON.stringify(values),
    });
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(found.error || words.failed + " (" + answer.status + ")");
    return found;
  }
  function tell(text, bad) {
    const line = one("message");
    line.textContent = text;
    line.className = bad ? "bad" : "";
    line.hidden = false;
    clearTimeout(tell.timer);
    tell.timer = setTimeout(() => { line.hidden = true; }, bad ? 6000 : 2200);
  }
  function name() {
    const value = actor.value.trim();
    if (value) return value;
    actor.focus();
    tell(words.need_actor, true);
    return "";
  }
  async function change(path, values) {
    const who = name();
    if (!who || busy) return false;
    busy = true;
    document.body.classList.add("busy");
    try {
      const found = await post(path, Object.assign({ actor: who }, values));
      swap(found);
      doubts = await get("/doubts");
      tell(words.done);
      return true;
    } catch (error) {
      tell(error.message, true);
      return false;
    } finally {
      busy = false;
      document.body.classList.remove("busy");
    }
  }
  function swap(found) {
    const body = one("body");
    const top = body.scrollTop;
    const open = all("details[open]", body).map((d) => d.id);
    const chains = all("tr.chain:not([hidden])", body).map((c) => c.id);
    const typed = ["q", "rq"].map((id) => [id, one(id) ? one(id).value : ""]);
    body.innerHTML = found.html;
    open.forEach((id) => { if (one(id)) one(id).open = true; });
    chains.forEach((id) => {
      if (!one(id)) return;
      one(id).hidden = false;
      const button = document.querySelector('[aria-controls="' + id + '"]');
      if (button) button.setAttribute("aria-expanded", "true");
    });
    typed.forEach(([id, value]) => {
      if (!value || !one(id)) return;
      one(id).value = value;
      one(id).dispatchEvent(new Event("input", { bubbles: true }));
    });
    body.scrollTop = top;
    for (const key of Object.keys(found.state)) {
      const spot = one("s-" + key);
      if (spot) spot.textContent = found.state[key];
    }
  }

  // --- the viewer -----------------------------------------------------------------------------
  function layout() {
    const stage = one("stage");
    const sideways = view.turn % 180 !== 0;
    const room = Math.max(200, stage.clientWidth - 24);
    const width = (sideways ? room / view.ratio : room) * view.zoom;
    const height = width * view.ratio;
    const sheet = one("sheet");
    sheet.style.width = width + "px";
    sheet.style.height = height + "px";
    sheet.style.transform = "rotate(" + view.turn + "deg)";
    const shift = sideways ? (width - height) / 2 : 0;
    sheet.style.marginTop = 12 + shift + "px";
    sheet.style.marginBottom = 12 + shift + "px";
    sheet.style.marginLeft = sideways ? Math.max(12, (stage.clientWidth - height) / 2) - shift + "px" : "auto";
  }
  function drawBoxes() {
    const holder = one("boxes");
    holder.replaceChildren();
    view.fields.forEach((entry) => {
      if (!entry.box) return;
      const [left, top, right, bottom] = entry.box;
      const mark = document.createElement("button");
      mark.type = "button";
      const chosen = view.entry && entry.target === view.entry.target && entry.field === view.entry.field;
      mark.className = entry.status + (chosen ? " chosen" : "");
      mark.title = entry.label + "：" + entry.value;
      mark.setAttribute("aria-label", entry.title + " " + entry.label + " " + entry.value);
      mark.style.left = left * 100 + "%";
      mark.style.top = top * 100 + "%";
      mark.style.width = Math.max(0.4, (right - left) * 100) + "%";
      mark.style.height = Math.max(0.4, (bottom - top) * 100) + "%";
      mark.addEventListener("click", () => (entry.seal ? openAsk("mark_seal", entry.target, entry.seal) : show(entry)));
      holder.append(mark);
    });
  }
  async function turnTo(number) {
    if (number === null || number < 0) return;
    one("viewer").hidden = false;
    if (number !== view.page) {
      const found = await get("/pages/" + number + "/fields");
      view.page = number;
      view.count = found.count;
      view.turn = 0;
      one("v-title").textContent = found.title;
      const image = one("page");
      image.alt = found.title;
      if (found.picture) {
        await new Promise((resolve) => {
          image.onload = resolve;
          image.onerror = resolve;
          image.src = base + "/pages/" + number;
        });
        if (image.naturalWidth) view.ratio = image.naturalHeight / image.naturalWidth;
      } else {
        image.removeAttribute("src");
      }
      view.fields = found.fields;
    } else {
      view.fields = (await get("/pages/" + number + "/fields")).fields;
    }
    layout();
    drawBoxes();
  }
  function scrollToBox(box) {
    if (!box) return;
    const stage = one("stage");
    const sheet = one("sheet");
    const middle = (box[1] + box[3]) / 2;
    stage.scrollTop = sheet.offsetTop + middle * sheet.clientHeight - stage.clientHeight / 2;
    stage.scrollLeft = ((box[0] + box[2]) / 2) * sheet.clientWidth - stage.clientWidth / 2;
  }
  async function show(entry) {
    view.entry = entry;
    one("viewer").hidden = false;
    one("field").hidden = false;
    one("f-label").textContent = entry.label;
    one("f-title").textContent = entry.title;
    const status = one("f-status");
    status.textContent = words.status[entry.status] || "";
    status.className = "status " + entry.status;
    const crop = one("f-crop");
    crop.hidden = !(entry.picture && entry.box);
    if (!crop.hidden) crop.src = base + "/pages/" + entry.page + "/crop?w=900&box=" + entry.box.join(",");
    const choices = entry.choices || [];
    one("f-choices").replaceChildren(...choices.map((choice, n) => {
      const button = document.createElement("button");
      button.type = "button";
      const key = document.createElement("u");
      key.textContent = String(n + 1);
      button.append(key, choice.origin + " " + choice.value);
      button.addEventListener("click", () => pick(n));
      return button;
    }));
    one("f-value").value = choices.length ? "" : entry.value;
    one("f-value").placeholder = choices.length ? words.pick : "";
    one("f-reason").value = words.reason;
    one("f-check").textContent = "";
    one("f-why").replaceChildren(...entry.reasons.concat([entry.place]).map((text) => {
      const line = document.createElement("li");
      line.textContent = text;
      return line;
    }));
    await turnTo(entry.page);
    scrollToBox(entry.box);
  }
  async function step(by) {
    doubts = await get("/doubts");
    if (!doubts.length) {
      tell(words.no_doubts);
      one("field").hidden = true;
      return;
    }
    const now = view.entry ? doubts.findIndex((d) => d.target === view.entry.target && d.field === view.entry.field) : -1;
    place = now >= 0 ? now + by : Math.min(Math.max(place, by > 0 ? 0 : -1), doubts.length - 1);
    place = (place + doubts.length) % doubts.length;
    await show(doubts[place]);
    one("stage").focus({ preventScroll: true });
  }
  async function check() {
    const entry = view.entry;
    const line = one("f-check");
    const value = one("f-value").value;
    const turn = ++checking;
    if (!entry || value.trim() === entry.value) {
      line.textContent = "";
      return;
    }
    const found = await post("/check", { target: entry.target, field: entry.field, value }).catch(() => null);
    if (!found || turn !== checking) return;
    line.className = found.value === null ? "bad" : found.troubles.length ? "odd" : "";
    line.textContent = found.troubles.length ? found.troubles.join("；") : words.fits + " " + found.value;
  }
  async function settled(action, values) {
    const entry = view.entry;
    if (!entry) return;
    const done = await change("/decide", Object.assign({ action, target: entry.target, field: entry.field }, values));
    if (done) await afterwards();
  }
  async function afterwards() {
    if (!doubts.length) {
      one("field").hidden = true;
      view.entry = null;
      await turnTo(view.page);
      tell(words.no_doubts);
      return;
    }
    place = Math.min(Math.max(place, 0), doubts.length - 1);
    await show(doubts[place]);
    one("stage").focus({ preventScroll: true });
  }
  function pick(n) {
    const choice = view.entry && !one("field").hidden && view.entry.choices && view.entry.choices[n];
    if (!choice) return;
    one("f-value").value = choice.value;
    check();
  }
  function accept() {
    if (!view.entry) return;
    const value = one("f-value").value.trim();
    if (!value) return void tell(words.pick, true);
    const values = { reason: one("f-reason").value };
    if (value === view.entry.value) settled("confirm", values);
    else settled("correct", Object.assign(values, { value }));
  }
  function close() {
    if (!one("field").hidden) one("field").hidden = true;
    else one("viewer").hidden = true;
    view.entry = null;
    drawBoxes();
  }

  // --- findings, seals, notes -----------------------------------------------------------------
  function openAsk(action, target, label) {
    asking = { action, target, back: document.activeElement };
    one("a-title").textContent = words.act[action] + " " + label;
    all("[data-for]", one("ask")).forEach((part) => { part.hidden = part.dataset.for !== action; });
    one("a-reason").value = "";
    one("a-explanation").value = "";
    all('input[name="ruling"]').forEach((r) => { r.checked = false; });
    one("a-trouble").textContent = "";
    one("ask").showModal();
    (action === "rule" ? one("a-explanation") : action === "mark_seal" ? one("a-part") : one("a-reason")).focus();
  }
  async function answer(event) {
    event.preventDefault();
    const { action, target, back } = asking;
    const values = { action, target, reason: one("a-reason").value };
    if (!values.reason.trim()) return void (one("a-trouble").textContent = words.need_reason);
    if (action === "rule") {
      const ruling = document.querySelector('input[name="ruling"]:checked');
      if (!ruling) return void (one("a-trouble").textContent = words.need_ruling);
      values.value = ruling.value;
      values.explanation = one("a-explanation").value;
    }
    if (action === "mark_seal") [values.field, values.value] = one("a-part").value.split(":");
    one("ask").close();
    if (await change("/decide", values)) {
      if (view.page >= 0 && !one("viewer").hidden) await turnTo(view.page);
    }
    if (back && document.contains(back)) back.focus();
  }
  const idle = async () => { while (busy) await new Promise((resolve) => setTimeout(resolve, 25)); };
  async function undoLast() {
    await idle();
    const button = document.querySelector("#log [data-undo]");
    if (!button) return tell(words.nothing_to_undo);
    if (await change("/undo", { seq: Number(button.dataset.undo) }) && view.page >= 0) await turnTo(view.page);
  }
  function current() {
    const focused = document.activeElement && document.activeElement.closest(".finding, .group");
    return focused ? focused.querySelector(".acts [data-act]") : document.querySelector("details.group[open] > .acts [data-act]");
  }

  // --- events ---------------------------------------------------------------------------------
  document.addEventListener("click", async (event) => {
    const act = event.target.closest("[data-act]");
    if (act) openAsk(act.dataset.act, act.parentElement.dataset.key, act.parentElement.dataset.label);
    const value = event.target.closest("button.value");
    if (value) show(await get("/field?target=" + encodeURIComponent(value.dataset.doc) + "&field=" + encodeURIComponent(value.dataset.field)));
    const undo = event.target.closest("[data-undo]");
    if (undo) change("/undo", { seq: Number(undo.dataset.undo) });
    const second = event.target.closest("[data-second]");
    if (second) change("/second", { seq: Number(second.dataset.second) });
  });
  const on = (id, act) => one(id).addEventListener("click", act);
  on("next", () => step(1));
  on("f-next", () => step(1));
  on("undo", undoLast);
  on("tolog", () => one("log").scrollIntoView());
  on("export", () => change("/export", {}));
  on("help", () => one("keys").showModal());
  on("close", close);
  on("v-prev", () => turnTo(Math.max(0, view.page - 1)));
  on("v-next", () => turnTo(Math.min(view.count - 1, view.page + 1)));
  on("v-in", () => zoom(1.25));
  on("v-out", () => zoom(0.8));
  on("v-fit", () => { view.zoom = 1; view.turn = 0; layout(); });
  on("v-turn", turn);
  on("a-cancel", () => one("ask").close());
  one("a-form").addEventListener("submit", answer);
  one("f-form").addEventListener("submit", (event) => { event.preventDefault(); accept(); });
  one("f-value").addEventListener("input", check);
  function zoom(by) { view.zoom = Math.min(6, Math.max(0.4, view.zoom * by)); layout(); if (view.entry) scrollToBox(view.entry.box); }
  function turn() { view.turn = (view.turn + 90) % 360; layout(); }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || one("ask").open || one("keys").open) return;
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "Escape") {
      if (!typing) return close();
      typing.blur();
      if (!one("viewer").hidden) one("stage").focus({ preventScroll: true });
      return;
    }
    if (typing || (event.key === "Enter" && event.target.closest("button, a, summary"))) return;
    const take = () => { if (!one("field").hidden) accept(); };
    const keys = {
      n: () => step(1), p: () => step(-1), u: undoLast, r: turn, "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8),
      c: take, enter: take,
      e: () => { if (!one("field").hidden) { one("f-value").focus(); one("f-value").select(); } },
      d: () => { const act = current(); if (act) act.click(); },
      "?": () => one("keys").showModal(),
    };
    if (/^[1-9]$/.test(event.key)) return pick(Number(event.key) - 1);
    const act = keys[event.key.toLowerCase()];
    if (act) { event.preventDefault(); act(); }
  });
  window.addEventListener("resize", layout);
  actor.value = localStorage.getItem("hezheng.actor") || "";
  actor.addEventListener("change", () => localStorage.setItem("hezheng.actor", actor.value.trim()));
  if (!actor.value) actor.focus();
  document.body.classList.add("ready");
})();
