// "/" puts the cursor into the search field, Escape leaves it; "g" then a letter goes to a section.
const field = document.querySelector("[data-find]");
const places = { d: "/desk", i: "/incidents", e: "/threads", p: "/directory", l: "/ledger", s: "/settings" };
let after_g = false;
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    document.querySelectorAll("details.menu[open]").forEach((menu) => menu.removeAttribute("open"));
    if (typing === field) field?.blur();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && field) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (after_g && places[event.key]) {
    location.assign(places[event.key]);
  }
  after_g = event.key === "g";
});
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
});
// Where tabs do not fit, the one that is open is scrolled to.
const here = document.querySelector(".tabs [aria-current]");
here?.parentElement.scrollBy(here.getBoundingClientRect().left - 90, 0);
