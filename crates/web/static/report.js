// Saves a report as a draft some seconds after something was typed. Without script the button does it.
const form = document.querySelector("form[data-autosave]");
const said = document.querySelector("[data-autosaved]");
let waiting = 0;
async function save() {
  const body = new URLSearchParams(new FormData(form));
  body.set("act", "save");
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.type === "opaqueredirect") said.hidden = false;
  } catch { /* The next change tries again. */ }
}
form?.addEventListener("input", () => {
  said.hidden = true;
  clearTimeout(waiting);
  waiting = setTimeout(save, 4000);
});
form?.addEventListener("submit", () => clearTimeout(waiting));
