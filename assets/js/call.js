/* The page of a call. History and suggestion follow what they depend on, wherever on the page it stands;
   typing what is happening asks the server nothing. What belongs to the form but stands outside it (the bar,
   another grade) is told to the form too, so that the draft is kept. */
(() => {
  "use strict";

  const form = document.getElementById("call");
  if (!form) return;
  const SAYS_NOTHING = /^(narrative|safe_callback|language|source|grade|grade_override_reason)$|-(relationship|sex|lives_here)$/;

  const lookUp = () => form.dispatchEvent(new CustomEvent("look-up"));

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.form || field.form !== form || field === form) return;
    if (!form.contains(field)) form.dispatchEvent(new Event("change"));
    if (!SAYS_NOTHING.test(field.name)) lookUp();
  });
  /* Enter moves nobody on by accident: Ctrl and Enter logs the call. */
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && event.target.matches("input")) event.preventDefault();
  });
  form.addEventListener("lodestar:restored", lookUp);
  window.addEventListener("pageshow", (event) => event.persisted && lookUp());
})();
