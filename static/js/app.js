// Small conveniences; every page works without them.
const root = document.documentElement;
root.classList.add("js");
const english = root.lang === "en";
for (const stand_in of document.querySelectorAll(".without-js")) stand_in.remove(); // else Enter would press its button

// on a phone the desk's row of places starts where one is
const here = document.querySelector(".desk__nav [aria-current]");
if (here) here.closest(".desk__nav").scrollLeft = here.offsetLeft - 16;

// a form is sent once, however often its button is pressed; what was pressed still counts as pressed
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.submitter?.formTarget) return; // a look in another tab sends nothing off
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => form.querySelectorAll("button").forEach((button) => (button.disabled = true)));
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once][data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((button) => (button.disabled = false));
  }
});

// a select that sends its form when changed
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
});

// on a wide screen a ticked facet narrows at once (htmx); on a phone the sheet's button does
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-narrow]");
  if (form && matchMedia("(min-width: 60rem)").matches) form.dispatchEvent(new Event("narrow"));
});

// communes follow the province
for (const province of document.querySelectorAll("select[data-communes]")) {
  province.addEventListener("change", async () => {
    const commune = document.getElementById(province.dataset.communes);
    const asked = province.value;
    const answer = asked && (await fetch(`/places/${asked}/communes`));
    const options = answer && answer.ok ? await answer.text() : commune.options[0].outerHTML;
    if (asked !== province.value) return;
    const chosen = commune.value; // perhaps while the list was on its way
    commune.innerHTML = options;
    if ([...commune.options].some((option) => option.value === chosen)) commune.value = chosen;
  });
}

// minus and plus beside a quantity
for (const input of document.querySelectorAll(".qty__input")) {
  const signs = [["−", -1, english ? "One fewer" : "Bớt một"], ["+", 1, english ? "One more" : "Thêm một"]];
  const buttons = signs.map(([sign, step, words]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "qty__btn", textContent: sign });
    button.setAttribute("aria-label", words);
    button.addEventListener("click", () => {
      input.value = Math.min(Number(input.max), Math.max(Number(input.min), Number(input.value) + step));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return button;
  });
  const limit = () => {
    buttons[0].disabled = Number(input.value) <= Number(input.min);
    buttons[1].disabled = Number(input.value) >= Number(input.max);
  };
  input.before(buttons[0]);
  input.after(buttons[1]);
  input.addEventListener("change", limit);
  limit();
}

// fields that only some roles need
const roles = document.querySelectorAll("[data-roles]");
if (roles.length) {
  const show = () => {
    const role = document.querySelector("input[name=role]:checked")?.value;
    for (const group of roles) group.hidden = !group.dataset.roles.split(" ").includes(role);
  };
  document.addEventListener("change", (event) => event.target.name === "role" && show());
  show();
}

// a group that a tick opens
for (const group of document.querySelectorAll("[data-shown-by]")) {
  const tick = document.getElementById(group.dataset.shownBy);
  const show = () => (group.hidden = !tick.checked);
  tick.addEventListener("change", show);
  show();
}

// what has to be mended comes first, and each of its lines leads into the field
const errors = document.getElementById("errors");
errors?.focus();
errors?.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const input = field.matches("input, select, textarea") ? field : field.querySelector("input");
  input?.focus();
  field.scrollIntoView({ block: "center" });
});

// the filter and the menu are sheets on a phone: Escape closes them
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.querySelector(".facets:target, .menu:target")) location.hash = "main";
});

// what may be meant while one types: a combobox over /api/v1/suggest (WAI-ARIA 1.2); without it the form searches
for (const input of document.querySelectorAll("[data-suggest]")) {
  const list = Object.assign(document.createElement("div"), { className: "suggest", id: `${input.id}-suggest` });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  const [products, categories, producers] = input.dataset.groups.split("|");
  input.form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) input.setAttribute(name, value);
  let asked = null, waiting = 0, at = -1;
  const rows = () => [...list.querySelectorAll("[role=option]")];
  const choose = (n) => {
    const all = rows();
    at = all.length ? (n + all.length) % all.length : -1;
    all.forEach((row, i) => row.setAttribute("aria-selected", String(i === at)));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    list.replaceChildren();
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const bare = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
  const marked = (name) => {
    const words = bare(input.value).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    return name.split(/(\s+)/).map((word) => {
      const hit = words.find((typed) => bare(word).startsWith(typed));
      if (!hit) return word;
      const mark = document.createElement("mark");
      mark.textContent = word;
      return mark;
    });
  };
  const row = (item, n) => {
    const link = Object.assign(document.createElement("a"), { className: "suggest__row", id: `${list.id}-${n}`, href: new URL(item.url).pathname, tabIndex: -1 });
    link.setAttribute("role", "option");
    if (item.image_url) link.append(Object.assign(document.createElement("img"), { src: new URL(item.image_url).pathname, alt: "", width: 40, height: 40 }));
    const name = document.createElement("span");
    name.append(...marked(item.name));
    link.append(name);
    return link;
  };
  const show = (found) => {
    close();
    let n = 0;
    for (const [label, items] of [[products, found.products], [categories, found.categories], [producers, found.producers]]) {
      if (!items.length) continue;
      const group = document.createElement("div");
      const title = Object.assign(document.createElement("p"), { className: "suggest__group", id: `${list.id}-g${n}`, textContent: label });
      group.setAttribute("role", "group");
      group.setAttribute("aria-labelledby", title.id);
      group.append(title, ...items.map((item) => row(item, n++)));
      list.append(group);
    }
    input.setAttribute("aria-expanded", String(n > 0));
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    asked?.abort();
    if (bare(input.value).replace(/[^a-z0-9]/g, "").length < 2) return close();
    waiting = setTimeout(async () => {
      asked = new AbortController();
      try {
        const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(input.value)}`, { signal: asked.signal });
        if (answer.ok) show(await answer.json());
      } catch { /* overtaken by the next letter, or no network: the form still searches */ }
    }, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return close();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!rows().length) return;
      event.preventDefault();
      choose(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
    }
    if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      rows()[at].click();
    }
  });
  input.addEventListener("blur", () => setTimeout(() => list.matches(":hover, :focus-within") || close(), 150));
}

// without a network there is still a page that says so
navigator.serviceWorker?.register("/sw.js").catch(() => {});
// sharing by the device's own sheet, and copying the address
for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", () => navigator.share({ title: button.dataset.title, url: button.dataset.url }).catch(() => {}));
}
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.lastElementChild.textContent = button.dataset.done;
  });
}

// the square of a picture follows the numbers, and the numbers follow the drag
for (const frame of document.querySelectorAll("[data-crop]")) {
  const image = frame.querySelector("img");
  const square = frame.querySelector(".crop__square");
  const [x, y, size] = ["x", "y", "size"].map((name) => document.getElementById(name));
  const draw = () => {
    const { clientWidth: width, clientHeight: height } = image;
    const side = (Math.min(width, height) * size.value) / 100;
    const place = (middle, length) => Math.min(Math.max(0, (length * middle) / 100 - side / 2), length - side);
    Object.assign(square.style, {
      width: `${side}px`, height: `${side}px`, left: `${place(x.value, width)}px`, top: `${place(y.value, height)}px`,
    });
  };
  const drag = (event) => {
    if (event.type === "pointermove" && !event.buttons) return;
    const box = image.getBoundingClientRect();
    const percent = (at, from, length) => Math.round(Math.min(100, Math.max(0, ((at - from) / length) * 100)));
    x.value = percent(event.clientX, box.left, box.width);
    y.value = percent(event.clientY, box.top, box.height);
    draw();
    event.preventDefault();
  };
  for (const kind of ["pointerdown", "pointermove"]) frame.addEventListener(kind, drag);
  for (const input of [x, y, size]) input.addEventListener("input", draw);
  image.complete ? draw() : image.addEventListener("load", draw);
  addEventListener("resize", draw);
}

// files go one by one, each with its progress; what did not arrive stays chosen, to be sent again
for (const form of document.querySelectorAll("form[data-upload]")) {
  const input = form.querySelector("input[type=file]");
  const say = Object.assign(document.createElement("div"), { className: "uploads" });
  say.setAttribute("role", "status");
  form.append(say);
  const send = (file, bar) => new Promise((done, failed) => {
    const data = new FormData(form);
    data.delete(input.name);
    data.append(input.name, file);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (event) => { bar.max = event.total; bar.value = event.loaded; });
    request.addEventListener("load", () => (request.status < 400 ? done(request.responseText) : failed()));
    request.addEventListener("error", failed);
    request.send(data);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    const left = new DataTransfer();
    let page = "";
    say.replaceChildren();
    for (const file of input.files) {
      const line = document.createElement("p");
      const bar = Object.assign(document.createElement("progress"), { className: "progress" });
      bar.setAttribute("aria-label", file.name);
      line.append(file.name, bar);
      say.append(line);
      try {
        page = await send(file, bar);
        line.replaceChildren(`${file.name}: ${english ? "received" : "đã nhận"}`);
      } catch {
        left.items.add(file);
        line.className = "is-bad";
        line.replaceChildren(`${file.name}: ${english ? "not received, send it again" : "chưa gửi được, hãy gửi lại"}`);
      }
    }
    button.disabled = false;
    input.files = left.files;
    if (!left.files.length && page) {
      const shown = new DOMParser().parseFromString(page, "text/html").getElementById("main");
      document.getElementById("main").replaceWith(shown);
      shown.focus();
    }
  });
}

// the running total of a score sheet
for (const form of document.querySelectorAll("form[data-total]")) {
  const sum = form.querySelector("[data-sum]");
  form.addEventListener("input", () => {
    const all = [...form.querySelectorAll("[data-points]")].map((input) => Number(input.value.trim().replace(",", ".")) || 0);
    const total = Math.round(all.reduce((one, other) => one + other, 0) * 100) / 100;
    sum.textContent = english ? String(total) : String(total).replace(".", ",");
  });
}

// in a grid, arrows and Enter move between cells; left and right only from the end of what is typed
for (const grid of document.querySelectorAll("[data-grid]")) {
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  grid.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!(event.key in steps) || !input.matches("input") || event.isComposing || event.ctrlKey || event.metaKey) return;
    const [down, right] = steps[event.key];
    const text = input.type === "text";
    if (right < 0 && text && input.selectionStart > 0) return;
    if (right > 0 && text && input.selectionEnd < input.value.length) return;
    let cell = input.closest("td");
    let row = cell.parentElement;
    const column = [...row.cells].indexOf(cell);
    let next = null;
    while (!next) {
      if (right) cell = right > 0 ? cell.nextElementSibling : cell.previousElementSibling;
      else cell = (row = down > 0 ? row.nextElementSibling : row.previousElementSibling)?.cells[column];
      if (!cell) break;
      next = cell.querySelector("input:not([type=hidden])");
    }
    event.preventDefault(); // Enter in the last row sends nothing by mistake
    next?.focus();
    if (next?.type === "text") next.select();
  });
}
