/* Wakes the components of the government and Ministry of Justice packages, and only where a page has any.
   Also moves to the error summary, as the design system asks, and lets its links lead into the form. */

const wake = async (root) => {
  if (!root.querySelector("[data-module]")) return;
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  const [govuk, moj] = await Promise.all([
    import("../vendor/govuk-frontend.min.js"),
    import("../vendor/moj-frontend.min.js"),
  ]);
  govuk.initAll({ scope: root });
  moj.initAll({ scope: root });
};

const summary = document.querySelector("[data-errors]");
if (summary) summary.focus();

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("[data-errors] a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  for (let around = field.closest("details"); around; around = around.parentElement.closest("details")) {
    around.hidden = false;
    around.open = true;
  }
  (field.closest("fieldset") || field).scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
});

wake(document);
/* htmx also announces the page itself, which is awake already. */
document.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && wake(event.detail.elt));
