// the queue by keys: j and k go down and up its rows, t takes the one in focus; Enter opens it, as on any link
const rows = [...document.querySelectorAll("[data-queue] tbody tr")];
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  if (event.key === "j" || event.key === "k") {
    const next = rows[Math.min(rows.length - 1, Math.max(0, now + (event.key === "j" ? 1 : -1)))];
    next?.querySelector("a")?.focus();
  } else if (event.key === "t" && now >= 0) {
    const form = rows[now].querySelector('form[action$="/take"]');
    if (!form) return;
    sessionStorage.setItem("queue-row", now);
    form.requestSubmit();
  }
});

// taken by key, the keys go on from that row; where the list shows it no more, from the one that came in its place
const kept = sessionStorage.getItem("queue-row");
sessionStorage.removeItem("queue-row");
if (kept !== null) {
  const same = rows.find((row) => row.id === decodeURIComponent(location.hash.slice(1)));
  const link = (same || rows[Math.min(rows.length - 1, Number(kept))])?.querySelector("a");
  addEventListener("load", () => link?.focus()); // until then the browser, going to the address's row, takes it away
}
