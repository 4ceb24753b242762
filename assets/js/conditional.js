/* Follow-up questions that open when an answer calls for them.

   <details open class="follow" data-opens-when="q08=yes"> or "q04=yes,q20=yes" (either) or "grade=high|medium".
   Without script the details stay open. With it, one that is not called for is hidden, unless something has been
   entered in it: then it only folds, because nothing typed is ever lost. Fields are never disabled or emptied.
   A field with data-goes-along (who said so, beside what was said) holds nothing of its own. */
(() => {
  "use strict";

  const parse = (rule) =>
    rule.split(",").map((part) => {
      const [name, values = ""] = part.split("=");
      return { name: name.trim(), values: values.split("|").map((value) => value.trim()) };
    });

  const valuesOf = (form, name) => new FormData(form).getAll(name);

  const called = (form, rule) =>
    parse(rule).some(({ name, values }) => valuesOf(form, name).some((value) => values.includes(value)));

  const holdsSomething = (section) =>
    [...section.querySelectorAll("input, select, textarea")].some((field) => {
      if (field.type === "hidden" || field.type === "submit" || field.matches("[data-goes-along]")) return false;
      if (field.type === "radio" || field.type === "checkbox") return field.checked;
      return field.value.trim() !== "";
    });

  const refresh = (form, changed) => {
    form.querySelectorAll("[data-opens-when]").forEach((section) => {
      if (changed && section.contains(changed)) return;
      const wanted = called(form, section.dataset.opensWhen);
      const was = section.dataset.called;
      section.dataset.called = wanted ? "yes" : "no";
      if (was === section.dataset.called) return;
      section.hidden = !wanted && !holdsSomething(section);
      if (section instanceof HTMLDetailsElement) section.open = wanted;
    });
  };

  const start = (root) => {
    const forms = new Set([...root.querySelectorAll("[data-opens-when]")].map((one) => one.closest("form")));
    forms.forEach((form) => form && refresh(form));
  };

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && form.querySelector("[data-opens-when]")) refresh(form, event.target);
  });
  document.addEventListener("lodestar:restored", () => start(document));
  document.addEventListener("lodestar:swapped", () => start(document));
  document.addEventListener("htmx:load", () => start(document));
  window.addEventListener("pageshow", () => start(document));
  start(document);
})();
