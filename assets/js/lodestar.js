/* What every page has: keys, one submission per press, time left that stays true, and words when a
   connection or a session is lost. Everything here is an addition: pages work without it. */
(() => {
  "use strict";

  const MINUTE = 60000;
  const DAY = 24 * 60 * MINUTE;
  const SHOWN_IN_DAYS_FROM = 72 * 60 * MINUTE;
  const WARN_AT = 50;
  const ALARM_AT = 90;
  const SMALL_SKEW = 90000;
  const COUNT_EVERY = 30000;
  const LET_GO_AFTER = 15000;

  const typing = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable ||
      element.matches("textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=button]):not([type=submit])"));

  /* --- Keys ------------------------------------------------------------------------------------ */

  const ANSWERS = {
    y: ["yes", "y", "true", "1"],
    n: ["no", "n", "false", "0"],
    "?": ["dont_know", "do_not_know", "unknown", "not_known", "dk"],
  };

  const answer = (group, key) => {
    const radios = [...group.querySelectorAll("input[type=radio]:not(:disabled)")];
    const chosen = radios.find((radio) => ANSWERS[key].includes(radio.value.toLowerCase()));
    if (!chosen) return false;
    chosen.focus();
    if (!chosen.checked) chosen.click();
    return true;
  };

  const unanswer = (group) => {
    const checked = group.querySelector("input[type=radio]:checked");
    if (!checked || checked.disabled) return false;
    checked.checked = false;
    checked.dispatchEvent(new Event("input", { bubbles: true }));
    checked.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };

  const answerKey = (event) => {
    const group = event.target instanceof Element && event.target.closest("[data-keys]");
    if (!group || typing(event.target)) return false;
    const key = event.key.toLowerCase();
    if (key in ANSWERS) return answer(group, key);
    return (key === "backspace" || key === "delete") && unanswer(group);
  };

  const sendKey = (event) => {
    /* A field may stand outside its form: in the bar, or beside what it is about. */
    const form = event.target instanceof Element && (event.target.form || event.target.closest("form"));
    if (!form || !form.matches("[data-ctrl-enter]")) return false;
    const first = [...form.elements].find((one) => one.matches("[data-primary]")) ||
      [...form.elements].find((one) => one.type === "submit");
    form.requestSubmit(first);
    return true;
  };

  const searchKey = () => {
    const search = document.querySelector("[data-search]");
    if (!search) return false;
    search.focus();
    search.select();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    let done = false;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) done = sendKey(event);
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "/" && !typing(event.target)) done = searchKey();
    else done = answerKey(event);
    if (done) event.preventDefault();
  });

  /* --- One submission per press ------------------------------------------------------------------ */

  const buttonsOf = (form) => [...form.elements].filter((one) => one.type === "submit");

  const letGo = (form) => {
    delete form.dataset.sending;
    buttonsOf(form).forEach((button) => button.removeAttribute("aria-disabled"));
  };

  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[data-may-repeat]")) return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "yes";
    buttonsOf(form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    setTimeout(() => letGo(form), LET_GO_AFTER);
  });

  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sending]").forEach(letGo);
  });

  /* --- Time left, in the server's words and by the server's clock ---------------------------------- */

  const measured = Date.parse(document.body.dataset.serverNow || "") - Date.now();
  const skew = Math.abs(measured) > SMALL_SKEW ? measured : 0;
  const now = () => Date.now() + skew;

  const leftWords = (left) => {
    if (left === 0) return "due now";
    const side = left > 0 ? "left" : "over";
    const amount = Math.abs(left);
    if (amount < MINUTE) return `less than 1 min ${side}`;
    if (amount >= SHOWN_IN_DAYS_FROM) return `${Math.floor(amount / DAY)} days ${side}`;
    const minutes = Math.floor(amount / MINUTE);
    const rest = minutes % 60;
    if (minutes < 60) return `${minutes} min ${side}`;
    return `${Math.floor(minutes / 60)} h ${String(rest).padStart(2, "0")} min ${side}`;
  };

  const refreshMeter = (holder, due) => {
    const started = Date.parse(holder.dataset.started);
    const meter = holder.querySelector("progress.meter");
    if (!meter || !(due > started)) return;
    const used = Math.max(0, Math.min(100, Math.trunc(((now() - started) / (due - started)) * 100)));
    meter.value = used;
    meter.setAttribute("aria-label", `${used} per cent of the time used`);
    meter.classList.toggle("o", used >= ALARM_AT);
    meter.classList.toggle("w", used >= WARN_AT && used < ALARM_AT);
  };

  const count = () => {
    document.querySelectorAll("[data-due]").forEach((element) => {
      const due = Date.parse(element.dataset.due);
      if (Number.isNaN(due)) return;
      const words = leftWords(due - now());
      if (element.textContent !== words) element.textContent = words;
      const holder = element.closest("[data-started]");
      if (holder) refreshMeter(holder, due);
    });
  };

  setInterval(count, COUNT_EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || count());
  window.addEventListener("pageshow", (event) => event.persisted && count());

  /* --- Words when a panel could not be fetched ------------------------------------------------------ */

  const live = document.getElementById("live");

  const tell = (words, link) => {
    if (!live) return;
    const box = document.createElement("div");
    box.className = "warnbar";
    box.append(words);
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link.href;
      anchor.textContent = link.words;
      box.append(" ", anchor);
    }
    live.replaceChildren(box);
  };

  const unreachable = "No connection: part of this page may be out of date. Nothing that you typed is lost.";
  document.addEventListener("htmx:sendError", () => tell(unreachable));
  document.addEventListener("htmx:timeout", () => tell(unreachable));
  document.addEventListener("htmx:responseError", () =>
    tell("Part of this page could not be fetched and may be out of date. Load the page again in a moment."));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && live) live.replaceChildren();
  });

  window.lodestar = Object.freeze({ tell, leftWords });
})();
