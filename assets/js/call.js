/* The page of a call. History and suggestion follow what they depend on, wherever on the page it stands;
   typing what is happening asks the server nothing. What belongs to the form but stands outside it (the bar,
   another grade) is told to the form too, so that the draft is kept. A call that drops is graded again by
   whoever took it; an appointment is asked for where the grade is one. */
(() => {
  "use strict";

  const form = document.getElementById("call");
  if (!form) return;
  const SAYS_NOTHING =
    /^(narrative|verbatim|background|safe_callback|language|communication_needs|source|source_detail|grade|grade_override_reason|appointment_at)$|-(relationship|sex|lives_here)$/;
  const field = (name) => form.elements.namedItem(name);
  const say = (words) => {
    document.getElementById("call_says").textContent = words;
  };

  /* Without script the field stands there always. */
  const showAppointment = () => {
    const suggested = document.querySelector("[data-suggested]");
    const grade = field("grade").value || (suggested && suggested.dataset.suggested);
    const part = document.getElementById("appointment");
    part.hidden = grade !== "appointment" && !field("appointment_at").value && !part.querySelector(".error");
  };

  /* A grade that was chosen before the line was lost is not taken for what is known now. */
  const onDropped = () => {
    const dropped = field("call_dropped").checked;
    const grade = field("grade");
    document.getElementById("dropped").hidden = !dropped;
    if (!dropped) return say("");
    const before = grade.value ? `${grade.selectedOptions[0].text} was chosen before that. ` : "";
    grade.value = "";
    document.getElementById("override").open = true;
    say(`The call dropped. ${before}Choose the grade again.`);
  };

  const lookUp = () => form.dispatchEvent(new CustomEvent("look-up"));

  document.addEventListener("input", (event) => {
    const target = event.target;
    if (!target.form || target.form !== form || target === form) return;
    if (target.name === "call_dropped") onDropped();
    if (!form.contains(target)) form.dispatchEvent(new Event("change"));
    showAppointment();
    if (!SAYS_NOTHING.test(target.name)) lookUp();
  });
  /* Enter moves nobody on by accident: Ctrl and Enter logs the call. */
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && event.target.matches("input")) event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", showAppointment);
  showAppointment();
  form.addEventListener("lodestar:restored", () => {
    showAppointment();
    lookUp();
  });
  window.addEventListener("pageshow", (event) => event.persisted && lookUp());
})();
