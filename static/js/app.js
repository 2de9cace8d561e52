// Small conveniences; every page works without them.
const root = document.documentElement;
root.classList.add("js");
const english = root.lang === "en";
for (const stand_in of document.querySelectorAll(".without-js")) stand_in.remove(); // else Enter would press its button

// a form is sent once, however often its button is pressed; what was pressed still counts as pressed
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
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
    if (asked === province.value) commune.innerHTML = options;
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
