// Comfort only: every page works without it.
"use strict";

function prepare(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = false;
  }
  for (const live of root.querySelectorAll("[data-live]")) {
    live.hidden = false;
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = label;
    }, 1500);
  }
});

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
  }
});

document.addEventListener("DOMContentLoaded", () => {
  prepare(document);
  // On a phone the places do not fit beside each other: the present one is shown.
  const here = document.querySelector(".places [aria-current]");
  here?.parentElement.scrollTo({ left: here.offsetLeft - 16 });
});
document.addEventListener("htmx:load", (event) => prepare(event.target));
