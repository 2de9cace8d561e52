// rows that are dragged into order; the buttons in each row do the same without a mouse or without this file
for (const list of document.querySelectorAll("[data-order]")) {
  const form = document.getElementById("order-form");
  if (!form) continue;
  let dragged = null;
  const codes = () => [...list.querySelectorAll("[data-code]")].map((row) => row.dataset.code);
  let before = "";
  for (const row of list.querySelectorAll("[data-code]")) row.draggable = true;
  list.classList.add("is-sortable");
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-code]");
    before = codes().join();
    event.dataTransfer.effectAllowed = "move";
    dragged.classList.add("is-dragged");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-code]");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const { top, height } = over.getBoundingClientRect();
    over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    if (codes().join() === before) return;
    form.action = list.dataset.order;
    for (const code of codes()) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "code", value: code }));
    form.submit();
  });
}
