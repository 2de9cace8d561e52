// The floor plan's editor. What is drawn is a plain value; every change is a new one, so that undoing is going back.
// Lengths are centimetres. The page's forms do the same without JavaScript.
const desk = document.getElementById("floorplan");
const english = document.documentElement.lang === "en";
const say = (vietnamese, inEnglish) => (english ? inEnglish : vietnamese);
const given = JSON.parse(desk.dataset.plan);
const GRID = 25, STEP = 25, STRIDE = 100, UNIT = 64 / 300;
const SVG = "http://www.w3.org/2000/svg";
const svg = desk.querySelector(".draft__svg"), said = desk.querySelector(".draft__said"), refused = desk.querySelector(".draft__refused");
const field = (id) => document.getElementById(`plan-${id}`);
const copy = (value) => JSON.parse(JSON.stringify(value));
const snap = (length) => Math.round(length / GRID) * GRID;
const within = (value, least, most) => Math.max(least, Math.min(most, value));
const metres = (length) => String(length / 100).replace(".", english ? "." : ",");

let plan, base = given.base, kept, past = [], coming = [], hall = 0, chosen = new Set(), at = "", zoom = 1, wrong = {}, made = 0;

// landmarks are drawn, chosen and moved as booths are; only the server wants them apart
const taken_in = (layout) => ({
  halls: copy(layout.halls),
  booths: copy(layout.booths),
  marks: layout.landmarks.map((mark) => ({ ...mark, code: `mark-${++made}` })),
});
const given_out = (drawn) => ({ halls: drawn.halls, booths: drawn.booths, landmarks: drawn.marks.map(({ code, ...mark }) => mark) });
const things = () => [...plan.booths, ...plan.marks];
const here = () => things().filter((each) => each.hall === hall).sort((a, b) => a.y - b.y || a.x - b.x);
const booth_of = (code) => plan.booths.find((each) => each.code === code);
const chosen_things = () => here().filter((each) => chosen.has(each.code));
const dirty = () => JSON.stringify(given_out(plan)) !== kept;
const tell = (words) => (said.textContent = words);
const name_of = (each) => each.label || given.kinds[each.kind] || "";

function change(act, words) {
  past.push(JSON.stringify(plan));
  if (past.length > 200) past.shift();
  coming = [];
  act();
  show();
  if (words) tell(words);
}

function back(from, to, words) {
  if (!from.length) return tell(say("Không còn gì.", "Nothing more."));
  to.push(JSON.stringify(plan));
  plan = JSON.parse(from.pop());
  hall = within(hall, 0, Math.max(0, plan.halls.length - 1));
  chosen = new Set([...chosen].filter((code) => things().some((each) => each.code === code)));
  show();
  tell(words);
}

// what the server would refuse, seen while it is drawn
function clashing() {
  const bad = new Set(), booths = plan.booths.filter((each) => each.hall === hall), room = plan.halls[hall];
  booths.forEach((a, n) => {
    if (a.x < 0 || a.y < 0 || a.x + a.width > room.width || a.y + a.depth > room.depth) bad.add(a.code);
    for (const b of booths.slice(n + 1)) {
      if (a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.depth && b.y < a.y + a.depth) bad.add(a.code).add(b.code);
    }
  });
  const labels = Map.groupBy ? Map.groupBy(plan.booths, (each) => each.label.toLowerCase()) : new Map();
  for (const same of labels.values()) if (same.length > 1) same.forEach((each) => bad.add(each.code));
  return bad;
}

const shape = (name, attributes, parent, text) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
};

function show() {
  const focused = svg.contains(document.activeElement);
  show_tabs();
  show_hall();
  show_properties();
  for (const [act, off] of [["undo", !past.length], ["redo", !coming.length]]) desk.querySelector(`[data-act=${act}]`).disabled = off;
  for (const button of desk.querySelectorAll("[data-act=booth], [data-act=mark], [data-act=drophall]")) button.disabled = !plan.halls.length;
  for (const button of desk.querySelectorAll("[data-act=row], [data-act=copy], [data-act=drop]")) button.disabled = !chosen_things().length;
  if (focused) (svg.querySelector(`[data-code="${CSS.escape(at)}"]`) ?? svg).focus();
}

function show_tabs() {
  const tabs = desk.querySelector(".draft__tabs"), focused = tabs.contains(document.activeElement);
  tabs.replaceChildren(...plan.halls.map((each, n) => {
    const tab = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--line btn--small", textContent: each.name });
    for (const [key, value] of [["role", "tab"], ["aria-selected", n === hall], ["tabindex", n === hall ? 0 : -1]]) tab.setAttribute(key, value);
    tab.addEventListener("click", () => go_to(n));
    return tab;
  }));
  if (focused) tabs.children[hall]?.focus();
}

function go_to(n) {
  hall = n;
  chosen = new Set();
  at = "";
  show();
}

function show_hall() {
  svg.replaceChildren();
  const room = plan.halls[hall];
  if (!room) return tell(say("Chưa có sảnh nào: thêm sảnh trước.", "No hall yet: add a hall first."));
  svg.setAttribute("viewBox", `-10 -10 ${room.width + 20} ${room.depth + 20}`);
  svg.setAttribute("width", (room.width + 20) * UNIT * zoom);
  svg.setAttribute("height", (room.depth + 20) * UNIT * zoom);
  shape("rect", { class: "draft__floor", x: 0, y: 0, width: room.width, height: room.depth }, svg);
  const bad = clashing(), all = here();
  if (!all.some((each) => each.code === at)) at = all[0]?.code ?? "";
  for (const each of all) show_thing(each, bad.has(each.code) || wrong[each.code]);
}

function show_thing(each, bad) {
  const mark = "kind" in each, on = chosen.has(each.code), who = given.names[each.code] ?? "";
  const facts = [mark ? name_of(each) : `${say("Gian", "Booth")} ${each.label}`, `${metres(each.width)} × ${metres(each.depth)} m`, who, each.blocked && say("không dùng", "not used"), bad && say("có chỗ sai", "something is wrong"), wrong[each.code]];
  const group = shape("g", {
    class: `pb${mark ? " pb--mark" : ""}${on ? " pb--on" : ""}${bad ? " pb--bad" : ""}${who ? " pb--held" : ""}${each.blocked ? " pb--blocked" : ""}`,
    "data-code": each.code, role: "button", tabindex: each.code === at ? 0 : -1, "aria-pressed": on, "aria-label": facts.filter(Boolean).join(", "),
    transform: `translate(${each.x} ${each.y})`,
  }, svg);
  shape("rect", { class: "pb__box", width: each.width, height: each.depth }, group);
  if (who) shape("rect", { class: "pb__strip", width: each.width, height: Math.min(50, each.depth / 4) }, group);
  const size = within(Math.min(each.width / 4, each.depth / 3), 16, 64);
  shape("text", { x: each.width / 2, y: each.depth / 2 + size / 3, "font-size": size }, group, (bad ? "! " : "") + name_of(each));
}

const read = { m: (text) => Math.round(Number(text.trim().replace(",", ".")) * 100), d: (text) => Number(text.replace(/[.\s]/g, "")), s: (text) => text.normalize("NFC").trim(), z: (text) => (text === "" ? null : Number(text)) };
const written = { m: metres, d: String, s: String, z: (value) => value ?? "" };

function show_properties() {
  const room = plan.halls[hall];
  for (const [kind, values] of [["booth", chosen_things()], ["hall", room ? [room] : []]]) {
    const group = desk.querySelector(`[data-for=${kind}]`);
    group.disabled = !values.length;
    for (const input of group.querySelectorAll("[data-prop]")) {
      const found = new Set(values.map((each) => each[input.dataset.prop]));
      const [value] = found;
      input.disabled = values.some((each) => !(input.dataset.prop in each)) || (values.length > 1 && ["label", "x", "y"].includes(input.dataset.prop));
      if (input.dataset.kind === "b") [input.checked, input.indeterminate] = [found.size === 1 && value, found.size > 1];
      else input.value = found.size === 1 && value !== undefined ? written[input.dataset.kind](value) : "";
    }
  }
}

desk.addEventListener("change", (event) => {
  const input = event.target, { prop, kind } = input.dataset;
  if (!prop) return;
  const value = kind === "b" ? input.checked : read[kind](input.value);
  if (Number.isNaN(value) || (typeof value === "number" && value < 0)) {
    show_properties();
    return tell(say("Chưa đọc được số này.", "That number could not be read."));
  }
  const to = input.closest("[data-for]").dataset.for === "hall" ? [plan.halls[hall]] : chosen_things();
  change(() => to.forEach((each) => (each[prop] = value)), say("Đã đổi.", "Changed."));
});

function move(across, down) {
  const moved = chosen.size ? chosen_things() : here().filter((each) => each.code === at);
  if (!moved.length) return;
  const room = plan.halls[hall];
  const left = Math.min(...moved.map((each) => each.x)), top = Math.min(...moved.map((each) => each.y));
  const right = Math.max(...moved.map((each) => each.x + each.width)), bottom = Math.max(...moved.map((each) => each.y + each.depth));
  const dx = within(across, -left, Math.max(-left, room.width - right)), dy = within(down, -top, Math.max(-top, room.depth - bottom));
  if (!dx && !dy) return tell(say("Đã ở mép sảnh.", "At the hall's edge."));
  change(() => moved.forEach((each) => ((each.x += dx), (each.y += dy))));
  tell(`${moved.map(name_of).join(", ")}: ${metres(moved[0].x)} × ${metres(moved[0].y)} m${clashing().has(moved[0].code) ? say(", chồng lên gian khác", ", over another booth") : ""}`);
}

// A1 is followed by A2, A09 by A10, and what has no number by its first
function next_label(label) {
  const used = new Set(plan.booths.map((each) => each.label.toLowerCase()));
  let [, stem, number] = /^(.*?)(\d*)$/.exec(label);
  do number = String(Number(number || 0) + 1).padStart(number.length || 1, "0");
  while (used.has((stem + number).toLowerCase()));
  return stem + number;
}

function put(each) {
  const code = `${"kind" in each ? "mark" : "new"}-${++made}`;
  const twin = { ...each, code };
  if (!("kind" in each)) twin.label = next_label(each.label);
  ("kind" in each ? plan.marks : plan.booths).push(twin);
  return twin;
}

function chosen_now(made) {
  chosen = new Set(made.map((each) => each.code));
  at = made[0]?.code ?? at;
}

const acts = {
  hall() {
    change(() => {
      plan.halls.push({ name: `${say("Sảnh", "Hall")} ${plan.halls.length + 1}`, name_en: "", width: 3000, depth: 2000 });
      go_to(plan.halls.length - 1);
    }, say("Đã thêm sảnh 30 × 20 mét.", "A hall of 30 × 20 metres is added."));
  },
  drophall() {
    change(() => {
      plan.halls.splice(hall, 1);
      for (const kind of ["booths", "marks"]) {
        plan[kind] = plan[kind].filter((each) => each.hall !== hall).map((each) => ({ ...each, hall: each.hall > hall ? each.hall - 1 : each.hall }));
      }
      hall = within(hall, 0, Math.max(0, plan.halls.length - 1));
      chosen = new Set();
    }, say("Đã bỏ sảnh.", "The hall is gone."));
  },
  booth() {
    const like = chosen_things().find((each) => !("kind" in each)) ?? { label: "A0", width: 300, depth: 300, price: 0, power_w: 0, water: false, cold: false, open_sides: 1, zone: null, blocked: false };
    const [x, y] = free_place(like);
    change(() => chosen_now([put({ ...like, hall, x, y })]), say("Đã thêm gian.", "A booth is added."));
  },
  mark() {
    const size = { width: 300, depth: 200 }, [x, y] = free_place(size);
    change(() => chosen_now([put({ hall, kind: field("kind").value, label: "", x, y, ...size })]), say("Đã thêm mốc.", "A landmark is added."));
  },
  row() {
    const first = chosen_things()[0], count = Number(field("count").value), gap = read.m(field("gap").value);
    if (!Number.isInteger(count) || count < 2 || count > 100 || !(gap >= 0)) return tell(say("Một dãy có từ 2 đến 100 gian.", "A row has from 2 to 100 booths."));
    const down = field("way").value === "down";
    change(() => {
      const row = [first];
      for (let n = 1; n < count; n++) row.push(put({ ...row[n - 1], x: first.x + (down ? 0 : n * (first.width + gap)), y: first.y + (down ? n * (first.depth + gap) : 0) }));
      chosen_now(row);
    }, say(`Dãy ${count} gian, từ ${name_of(first)}.`, `A row of ${count} booths, from ${name_of(first)}.`));
  },
  copy() {
    const from = chosen_things();
    if (!from.length) return;
    const left = Math.min(...from.map((each) => each.x)), right = Math.max(...from.map((each) => each.x + each.width));
    const top = Math.min(...from.map((each) => each.y)), bottom = Math.max(...from.map((each) => each.y + each.depth));
    const down = right + (right - left) > plan.halls[hall].width;
    change(() => chosen_now(from.map((each) => put({ ...each, x: each.x + (down ? 0 : right - left), y: each.y + (down ? bottom - top : 0) }))), say("Đã chép.", "Copied."));
  },
  drop() {
    const codes = new Set(chosen_things().map((each) => each.code));
    const held = [...codes].filter((code) => given.names[code]).map((code) => booth_of(code).label);
    if (held.length) return tell(say(`Gian ${held.join(", ")} đang có nơi làm nên không bỏ được.`, `Booth ${held.join(", ")} is taken and cannot go.`));
    change(() => {
      for (const kind of ["booths", "marks"]) plan[kind] = plan[kind].filter((each) => !codes.has(each.code));
      chosen = new Set();
    }, say("Đã bỏ.", "Removed."));
  },
  undo: () => back(past, coming, say("Đã hoàn tác.", "Undone.")),
  redo: () => back(coming, past, say("Đã làm lại.", "Done again.")),
  larger: () => zoom_by(1.25),
  smaller: () => zoom_by(0.8),
  save: () => save(),
};

function zoom_by(times) {
  zoom = within(zoom * times, 0.3, 5);
  show_hall();
  tell(`${Math.round(zoom * 100)} %`);
}

// the first place on the grid, row by row, where it lies over nothing
function free_place(box) {
  const room = plan.halls[hall], all = here();
  for (let y = 0; y + box.depth <= room.depth; y += 100) {
    for (let x = 0; x + box.width <= room.width; x += 100) {
      if (!all.some((each) => x < each.x + each.width && each.x < x + box.width && y < each.y + each.depth && each.y < y + box.depth)) return [x, y];
    }
  }
  return [0, 0];
}

desk.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act) acts[act]();
});

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

desk.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, select"), key = event.key.toLowerCase();
  const act = event.ctrlKey || event.metaKey ? { z: event.shiftKey ? "redo" : "undo", y: "redo", d: "copy", s: "save" }[key] : null;
  if (act === "save" || (act && !typing)) acts[act]();
  else if (event.target.matches("[role=tab]") && ARROWS[event.key]?.[0]) {
    go_to((hall + ARROWS[event.key][0] + plan.halls.length) % plan.halls.length);
  } else if (!svg.contains(event.target) || !in_hall(event, key)) return;
  event.preventDefault();
});

function in_hall(event, key) {
  const all = here(), n = all.findIndex((each) => each.code === at), last = all.length - 1;
  const to = { PageDown: Math.min(last, n + 1), PageUp: Math.max(0, n - 1), Home: 0, End: last }[event.key];
  if (ARROWS[event.key] && !event.altKey) {
    const [x, y] = ARROWS[event.key], step = event.shiftKey ? STRIDE : STEP;
    move(x * step, y * step);
  } else if (to !== undefined && all.length) {
    at = all[to].code;
    chosen = event.shiftKey ? chosen.add(at) : new Set([at]);
    show();
  } else if (key === " ") toggle(at);
  else if (event.key === "Enter") {
    if (!chosen.size) toggle(at);
    desk.querySelector("[data-for=booth] [data-prop]:not(:disabled)")?.focus();
  } else if (event.key === "Delete" || event.key === "Backspace") acts.drop();
  else if (event.key === "Escape") choose([]);
  else if ((event.ctrlKey || event.metaKey) && key === "a") choose(all.map((each) => each.code));
  else if (key === "+" || key === "-") zoom_by(key === "+" ? 1.25 : 0.8);
  else return false;
  return true;
}

function choose(codes) {
  chosen = new Set(codes);
  show();
  tell(say(`Đang chọn ${chosen.size}.`, `${chosen.size} selected.`));
}

function toggle(code) {
  if (code) choose(chosen.has(code) ? [...chosen].filter((each) => each !== code) : [...chosen, code]);
}

// the pointer: on a booth it chooses and drags, on the floor it draws a frame around those to choose
svg.addEventListener("pointerdown", (event) => {
  if (event.button || !plan.halls[hall]) return;
  const code = event.target.closest("[data-code]")?.dataset.code, many = event.shiftKey || event.ctrlKey || event.metaKey;
  const start = point(event);
  if (code) {
    at = code;
    if (many) toggle(code);
    else if (!chosen.has(code)) choose([code]);
    svg.querySelector(`[data-code="${CSS.escape(code)}"]`)?.focus();
    follow(event, (to) => drag(to.x - start.x, to.y - start.y, false), (to) => drag(to.x - start.x, to.y - start.y, true));
  } else {
    const frame = shape("rect", { class: "draft__frame" }, svg), box = (to) => ({ x: Math.min(start.x, to.x), y: Math.min(start.y, to.y), width: Math.abs(to.x - start.x), height: Math.abs(to.y - start.y) });
    follow(event, (to) => Object.entries(box(to)).forEach(([key, value]) => frame.setAttribute(key, value)), (to) => {
      const { x, y, width, height } = box(to);
      const caught = here().filter((each) => each.x < x + width && x < each.x + each.width && each.y < y + height && y < each.y + each.depth);
      choose([...(many ? chosen : []), ...caught.map((each) => each.code)]);
    });
  }
});

function point(event) {
  const to = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  return { x: to.x, y: to.y };
}

function follow(event, moving, ended) {
  svg.setPointerCapture(event.pointerId);
  const end = (last) => {
    svg.removeEventListener("pointermove", onMove);
    svg.removeEventListener("pointerup", end);
    svg.removeEventListener("pointercancel", end);
    ended(point(last));
  };
  const onMove = (next) => moving(point(next));
  svg.addEventListener("pointermove", onMove);
  svg.addEventListener("pointerup", end);
  svg.addEventListener("pointercancel", end);
}

function drag(across, down, ended) {
  const [dx, dy] = [snap(across), snap(down)];
  if (ended) return dx || dy ? move(dx, dy) : show();
  for (const each of chosen_things()) svg.querySelector(`[data-code="${CSS.escape(each.code)}"]`)?.setAttribute("transform", `translate(${each.x + dx} ${each.y + dy})`);
}

async function save() {
  const sent = given_out(plan);
  refused.replaceChildren();
  tell(say("Đang lưu…", "Saving…"));
  let answer = null, told = {};
  try {
    answer = await fetch(desk.dataset.save, { method: "POST", body: new URLSearchParams({ csrf_token: desk.dataset.csrf, base, layout: JSON.stringify(sent) }) });
    told = await answer.json();
  } catch {
    told = { told: say("Chưa lưu được: mất mạng hoặc phiên đăng nhập đã hết. Bản vẽ còn đây.", "Not saved: no network, or your sign-in has ended. The drawing is still here.") };
  }
  wrong = told.wrong ?? {};
  if (answer?.ok) saved(sent, told);
  else not_saved(told);
  show();
}

// what was drawn while the answer was on its way stays; the new booths' own codes are put in everywhere
function saved(sent, told) {
  base = told.number;
  const codes = new Map(sent.booths.map((each, n) => [each.code, told.layout.booths[n].code]));
  const renamed = (drawn) => ({ ...drawn, booths: drawn.booths.map((each) => ({ ...each, code: codes.get(each.code) ?? each.code })) });
  [past, coming] = [past, coming].map((plans) => plans.map((text) => JSON.stringify(renamed(JSON.parse(text)))));
  plan = renamed(plan);
  kept = JSON.stringify(given_out({ ...renamed({ booths: sent.booths }), halls: sent.halls, marks: sent.landmarks }));
  chosen = new Set([...chosen].map((code) => codes.get(code) ?? code));
  at = codes.get(at) ?? at;
  tell(told.told);
}

function not_saved(told) {
  const list = Object.entries(wrong).map(([code, words]) => `${booth_of(code)?.label ?? ""} ${words}`.trim());
  const lines = [told.told, ...new Set(list)].map((words) => Object.assign(document.createElement("p"), { textContent: words }));
  refused.append(...lines);
  if (told.newest !== undefined) {
    const over = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--line btn--small", textContent: say("Lưu bản của tôi thành bản mới nhất", "Save mine as the newest") });
    over.addEventListener("click", () => ((base = told.newest), save()));
    const look = Object.assign(document.createElement("a"), { href: desk.dataset.save, target: "_blank", rel: "noopener", textContent: say("Xem bản mới ở thẻ khác", "See the new one in another tab") });
    refused.append(over, " ", look);
  }
  tell("");
}

window.addEventListener("beforeunload", (event) => dirty() && event.preventDefault());

plan = taken_in(given.layout);
kept = JSON.stringify(given_out(plan));
desk.hidden = false;
show();
