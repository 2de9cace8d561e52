// Small conveniences; every page works without them.
document.documentElement.classList.add("js");

// a form is sent once, however often its button is pressed
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once]")) delete form.dataset.sent;
});

// a select that sends its form when changed
for (const select of document.querySelectorAll("select[data-submit]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// communes follow the province
for (const province of document.querySelectorAll("select[data-communes]")) {
  province.addEventListener("change", async () => {
    const commune = document.getElementById(province.dataset.communes);
    const answer = province.value && (await fetch(`/places/${province.value}/communes`));
    commune.innerHTML = answer && answer.ok ? await answer.text() : commune.options[0].outerHTML;
  });
}

// minus and plus beside a quantity
for (const input of document.querySelectorAll(".qty__input")) {
  for (const [sign, step, words] of [["−", -1, document.documentElement.lang === "en" ? "Fewer" : "Bớt một"], ["+", 1, document.documentElement.lang === "en" ? "More" : "Thêm một"]]) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "qty__btn", textContent: sign });
    button.setAttribute("aria-label", words);
    button.addEventListener("click", () => {
      input.value = Math.min(Number(input.max), Math.max(Number(input.min), Number(input.value) + step));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    step < 0 ? input.before(button) : input.after(button);
  }
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

// what has to be mended comes first
document.getElementById("errors")?.focus();
