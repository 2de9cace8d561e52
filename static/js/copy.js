// a button beside a value copies it; without JavaScript the value is there to be selected
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const words = button.lastElementChild.previousSibling;
    const before = words.textContent;
    words.textContent = button.dataset.copied;
    button.setAttribute("aria-live", "polite");
    setTimeout(() => (words.textContent = before), 2000);
  });
}
