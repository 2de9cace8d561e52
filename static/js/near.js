// "Near me": the browser finds the commune nearest to itself and asks for that one. The position itself is never sent.
const button = document.querySelector("[data-near]");
if (button && navigator.geolocation) {
  button.hidden = false;
  const select = document.getElementById(button.dataset.near);
  const told = document.querySelector("[data-near-told]");
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const shrink = Math.cos((coords.latitude * Math.PI) / 180);
        const away = (option) => {
          const [latitude, longitude] = option.dataset.place.split(",").map(Number);
          return Math.hypot(latitude - coords.latitude, (longitude - coords.longitude) * shrink);
        };
        const known = [...select.options].filter((option) => option.dataset.place);
        select.value = known.reduce((best, option) => (away(option) < away(best) ? option : best)).value;
        select.form.requestSubmit();
      },
      () => {
        told.textContent = button.dataset.refused;
        told.hidden = false;
        button.disabled = false;
        select.focus();
      },
      { maximumAge: 600000, timeout: 10000 },
    );
  });
}
