// the queue by keys: j and k go down and up its rows, t takes the one in focus; Enter opens it, as on any link
const rows = [...document.querySelectorAll("[data-queue] tbody tr")];
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  if (event.key === "j" || event.key === "k") {
    const next = rows[Math.min(rows.length - 1, Math.max(0, now + (event.key === "j" ? 1 : -1)))];
    next?.querySelector("a")?.focus();
  } else if (event.key === "t" && now >= 0) {
    rows[now].querySelector('form[action$="/take"]')?.requestSubmit();
  }
});
