/* The page of a meeting that is under way.

   <div data-live data-live-changes="..." data-live-home="..." data-live-self="..." data-live-after="17"
        data-live-shape="..." data-live-key="person:meeting" data-live-case="MC-..." data-live-writing="..." data-live-follows>

   About once a second it asks what is newer than the number it knows; the answer is nothing (204), or the parts of the
   page that may be new, each for the element of its name. Boxes for writing are not among them, so nobody's typing is
   touched. Another shape means another page (the next case, the meeting over): that is loaded, and what was typed is
   put back into its box.

   A line is first put into a list kept on this computer, with a key of its own, and then sent. It leaves the list when
   the server has it; sent twice it is written once. Without a connection it waits there and the page says so. What is
   still in a box is kept on this computer as it is typed. */
(() => {
  "use strict";

  const root = document.querySelector("[data-live]");
  if (!root) return;

  const EVERY = 1000;
  const EVERY_HIDDEN = 10000;
  const LONGEST_PAUSE = 8000;
  const GIVE_UP_AFTER = 8000;
  const WRITING_EVERY = 5000;
  /* Characters: more than this is scrolled, with keys too. */
  const LONG = 400;
  const KEPT_FOR = 7 * 24 * 3600 * 1000;
  const PREFIX = "lodestar:live:";
  const LIST = `${PREFIX}list:${root.dataset.liveKey}`;
  const DRAFT = `${PREFIX}draft:${root.dataset.liveKey}:`;
  const here = root.dataset.liveCase || "";
  const forms = [...document.querySelectorAll("form[data-live-form]")];
  const place = (id) => document.getElementById(id);
  const kept = document.querySelector("[data-live-kept]");
  const line = place("live-line");

  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Europe/London", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
  });
  const time = (at) => clock.format(at ? new Date(at) : new Date());

  /* --- Kept on this computer ------------------------------------------------------------------------ */

  const memory = new Map();
  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return memory.get(name) || null;
    }
  };
  const write = (name, value) => {
    memory.set(name, value);
    try {
      localStorage.setItem(name, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  };
  const forget = (name) => {
    memory.delete(name);
    try {
      localStorage.removeItem(name);
    } catch {
      /* Storage switched off: there is nothing to remove. */
    }
  };
  const names = (start) => {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(start));
    } catch {
      return [...memory.keys()].filter((name) => name.startsWith(start));
    }
  };
  /* A computer is shared, and what is said of victims does not stay on it. */
  names(PREFIX).forEach((name) => {
    const held = read(name);
    const at = Array.isArray(held) ? Math.max(0, ...held.map((one) => one.at)) : (held || {}).at;
    if (!at || Date.now() - at > KEPT_FOR) forget(name);
  });

  const list = () => read(LIST) || [];
  const keepList = (rows) => (rows.length ? write(LIST, rows) : (forget(LIST), true));

  /* --- Words about the line ------------------------------------------------------------------------- */

  const bar = (level, ...parts) => {
    const box = document.createElement("div");
    box.className = level;
    box.append(...parts);
    return box;
  };
  const link = (href, words) => {
    const one = document.createElement("a");
    one.href = href;
    one.textContent = words;
    return one;
  };
  const strong = (words) => {
    const one = document.createElement("b");
    one.textContent = words;
    return one;
  };
  const say = (words) => { if (kept) kept.textContent = words; };

  let lostAt = 0;
  let shut = false;
  let pressed = false;
  let backFor = 0;

  const lost = () => {
    if (!lostAt) lostAt = Date.now();
    const waits = list().filter((one) => !one.refused).length;
    const what = waits ? ` ${waits === 1 ? "One line waits" : `${waits} lines wait`} to be sent.` : "";
    const words = `No connection since ${time(lostAt)}.`;
    const rest = ` What you write is kept on this computer and sent by itself when the line is back.${what} What others write is not shown meanwhile.${pressed ? " What you pressed waits too: press it again then." : ""}`;
    if (line.textContent !== words + rest) line.replaceChildren(bar("warnbar", strong(words), rest));
  };
  const back = () => {
    if (!lostAt) return;
    lostAt = 0;
    const again = pressed ? " Press again what you pressed." : "";
    pressed = false;
    line.replaceChildren(bar("okbar", "The line is back. ", list().some((one) => !one.refused) ? "What waited is being sent." : "Nothing was lost.", again));
    clearTimeout(backFor);
    backFor = setTimeout(() => line.replaceChildren(), 6000);
  };
  const signedOut = (answer) => {
    shut = true;
    const there = link(`${answer.sign_in || "/account/login/"}?next=${encodeURIComponent(location.pathname)}`, "Sign in");
    line.replaceChildren(bar("alertbar", strong("Your session has ended."), " What you wrote is kept on this computer. ", there, " and it is sent from here."));
  };
  const closed = () => {
    shut = true;
    forms.forEach(keepDraft);
    /* What is left of the page is what was typed: it is in no box any more, and shown as words. */
    forms.length = 0;
    document.querySelectorAll(".three, #live-head, #live-steps, #live-now, .bar").forEach((one) => one.remove());
    line.replaceChildren(bar("alertbar", strong("This is not open to you any more."), " ", link(root.dataset.liveHome, "The meeting")));
    showList();
  };

  const jsonOf = async (response) => {
    if (!(response.headers.get("Content-Type") || "").includes("json")) return {};
    try {
      return await response.json();
    } catch {
      return {};
    }
  };
  const asked = async (address, options = {}) => {
    const patience = new AbortController();
    const late = setTimeout(() => patience.abort(), GIVE_UP_AFTER);
    try {
      return await fetch(address, {
        credentials: "same-origin", redirect: "manual", signal: patience.signal, ...options,
        headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest", ...(options.headers || {}) },
      });
    } finally {
      clearTimeout(late);
    }
  };
  const token = () => {
    const field = document.querySelector("input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  };
  const outside = (response) => response.type === "opaqueredirect" || response.status === 401;

  /* --- Boxes: kept as they are typed ------------------------------------------------------------------ */

  const NOT_TYPED = ["csrfmiddlewaretoken", "key", "section"];
  const typedIn = (form) => [...form.elements].find((one) => one.name === "words");
  const content = (form) => [...new FormData(form)].filter(([name]) => !NOT_TYPED.includes(name));
  const draftName = (form) => `${DRAFT}${here}:${form.dataset.liveForm}`;
  const words = (form) => typedIn(form).value.trim();

  const keepDraft = (form) => {
    if (!words(form)) return forget(draftName(form));
    const stays = write(draftName(form), { at: Date.now(), fields: content(form) });
    say(stays ? `Kept as it is typed · ${time()}` : "Not kept: this browser keeps nothing for you.");
    return undefined;
  };
  const fill = (form, fields) => {
    fields.forEach(([name, value]) => {
      const field = form.elements[name];
      if (!field) return;
      if (field.type === "checkbox") field.checked = true;
      else field.value = value;
    });
  };
  const clear = (form) => {
    forget(draftName(form));
    typedIn(form).value = "";
    const officers = form.elements.is_for_officers;
    if (officers) officers.checked = false;
    if (form.elements.corrects_id) form.elements.corrects_id.value = "";
  };

  /* --- Sending ------------------------------------------------------------------------------------------ */

  let sending = false;
  let failures = 0;
  let sendAgain = 0;

  const drop = (key) => keepList(list().filter((one) => one.key !== key));
  const refuse = (key, why) => keepList(list().map((one) => (one.key === key ? { ...one, refused: why } : one)));

  const button = (label, press) => {
    const one = document.createElement("button");
    one.type = "button";
    one.className = "linklike";
    one.textContent = label;
    one.addEventListener("click", press);
    return one;
  };
  const quoted = (typed) => {
    const one = document.createElement("div");
    one.className = "words live-typed";
    if (typed.length > LONG) one.tabIndex = 0;
    one.textContent = typed;
    return one;
  };
  const waiting = (one) => {
    if (!one.refused) return bar("warnbar", strong("Not sent yet: "), quoted(one.words));
    return bar("alertbar", strong("Not written down. "), one.refused, " ",
      button("Put it back into its box", () => putBack(one)), " ",
      button("Throw it away", () => { drop(one.key); showList(); }), quoted(one.words));
  };
  /* Typed into a box that this page does not have: of another case, or of one that is shut by now. */
  const typedFor = (name) => {
    const [reference] = name.slice(DRAFT.length).split(":");
    const there = document.querySelector(`#live-agenda a[href$="/cases/${reference}/live/"]`);
    const typed = new Map((read(name) || {}).fields || []).get("words") || "";
    const way = there && reference !== here ? link(there.href, "Go there") : "Nothing can be written there now.";
    return bar("infobar", strong(`Typed and not written down, for ${reference}. `), way, " ",
      button("Throw it away", () => { forget(name); showList(); }), quoted(typed));
  };
  let listed = "";
  const showList = () => {
    const rows = list();
    const mine = forms.map(draftName);
    const elsewhere = names(DRAFT).filter((name) => !mine.includes(name));
    /* Built anew only where it is another one: a button keeps its focus, and a reader its place. */
    const now = JSON.stringify([rows, elsewhere, forms.length]);
    if (now === listed) return;
    listed = now;
    place("live-unsent").replaceChildren(...rows.map(waiting), ...elsewhere.map(typedFor));
  };

  const putBack = (one) => {
    const form = one.case === here && forms.find((each) => each.dataset.liveForm === one.section);
    if (!form) {
      write(`${DRAFT}${one.case}:${one.section}`, { at: Date.now(), fields: one.fields });
    } else {
      const before = words(form);
      fill(form, one.fields);
      if (before) typedIn(form).value = `${before}\n${one.words}`;
      keepDraft(form);
      typedIn(form).focus();
    }
    drop(one.key);
    showList();
  };

  const answered = async (one, response) => {
    if (response.ok) {
      drop(one.key);
      say(`Written down ${time()}`);
      return true;
    }
    const answer = await jsonOf(response);
    if (outside(response) || (response.status === 403 && !answer.detail)) {
      signedOut(answer);
      return false;
    }
    if ([400, 403, 404, 409, 413, 422].includes(response.status)) {
      refuse(one.key, answer.detail || "This case is not open to you any more.");
      return true;
    }
    throw new Error(String(response.status));
  };

  const send = async () => {
    clearTimeout(sendAgain);
    if (sending || shut) return;
    sending = true;
    try {
      for (let one = list().find((each) => !each.refused); one; one = list().find((each) => !each.refused)) {
        const body = new URLSearchParams([...one.fields, ["section", one.section], ["key", one.key]]);
        const response = await asked(one.url, { method: "POST", body, headers: { "X-CSRFToken": token() } });
        if (!(await answered(one, response))) break;
        failures = 0;
        showList();
      }
    } catch {
      failures += 1;
      lost();
      sendAgain = setTimeout(send, Math.min(LONGEST_PAUSE, 1000 * 2 ** (failures - 1)));
    } finally {
      sending = false;
      showList();
    }
    if (!failures) soon(0);
  };

  const submitted = (form) => {
    if (!words(form)) {
      typedIn(form).focus();
      return;
    }
    const one = {
      key: crypto.randomUUID ? crypto.randomUUID() : uuid(),
      case: here, section: form.dataset.liveForm, url: form.action,
      fields: content(form), words: words(form), at: Date.now(),
    };
    if (!keepList([...list(), one])) say("This browser keeps nothing: leave the page open until it is sent.");
    clear(form);
    say("Kept, being sent");
    showList();
    send();
  };

  /* Without https there is no randomUUID. */
  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  /* --- What is new ---------------------------------------------------------------------------------------- */

  let after = root.dataset.liveAfter;
  let follows = "liveFollows" in root.dataset;
  let timer = 0;
  let asking = false;
  let missed = 0;
  let somebody = true;
  ["pointermove", "keydown", "wheel", "touchstart"].forEach((name) =>
    window.addEventListener(name, () => { somebody = true; }, { passive: true }));

  const busy = () => forms.some((form) => form.contains(document.activeElement) && words(form));
  const shown = new Map();
  const bare = (html) => html.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");

  const put = (id, html) => {
    const target = place(id);
    if (!target || shown.get(id) === bare(html)) return;
    shown.set(id, bare(html));
    const held = target.contains(document.activeElement) ? document.activeElement.id : "";
    target.innerHTML = html;
    if (held && place(held)) place(held).focus({ preventScroll: true });
  };

  const apply = (answer) => {
    if (answer.shape !== root.dataset.liveShape) {
      if (follows && busy()) {
        follows = false;
        after = "";
        return;
      }
      remember();
      location.replace(follows ? root.dataset.liveHome : root.dataset.liveSelf);
      shut = true;
      return;
    }
    after = String(answer.after);
    Object.entries(answer.fragments).forEach(([id, html]) => put(id, html));
    const version = document.querySelector("[data-live-version-now]");
    if (version) {
      document.querySelectorAll("[data-live-version]").forEach((one) => { one.value = version.dataset.liveVersionNow; });
    }
    tick();
  };

  const poll = async () => {
    if (asking || shut) return;
    asking = true;
    const query = new URLSearchParams({ after, case: follows ? "" : here });
    const headers = { "X-Refresh": somebody ? "watched" : "alone" };
    somebody = false;
    try {
      const response = await asked(`${root.dataset.liveChanges}?${query}`, { headers });
      if (outside(response)) signedOut(await jsonOf(response));
      else if (response.status === 403 || response.status === 404) closed();
      else if (response.status === 200) apply(await response.json());
      else if (response.status !== 204) throw new Error(String(response.status));
      missed = 0;
      if (!shut) {
        back();
        if (list().some((one) => !one.refused)) send();
      }
    } catch {
      missed += 1;
      lost();
    } finally {
      asking = false;
    }
    soon();
  };

  const soon = (pause) => {
    clearTimeout(timer);
    if (shut) return;
    const usual = document.hidden ? EVERY_HIDDEN : EVERY;
    const longer = missed ? Math.min(LONGEST_PAUSE, EVERY * 2 ** Math.min(missed - 1, 5)) : usual;
    timer = setTimeout(poll, pause === undefined ? Math.max(usual, longer) : pause);
  };

  /* --- Where one was, over a page loaded anew ------------------------------------------------------------- */

  const FOCUS = `${PREFIX}focus`;
  const remember = () => {
    forms.forEach(keepDraft);
    const form = forms.find((each) => each.contains(document.activeElement));
    try {
      if (form) sessionStorage.setItem(FOCUS, form.dataset.liveForm);
    } catch {
      /* Storage switched off. */
    }
  };
  const comeBack = () => {
    let section = "";
    try {
      section = sessionStorage.getItem(FOCUS);
      sessionStorage.removeItem(FOCUS);
    } catch {
      /* Storage switched off. */
    }
    const form = section && forms.find((each) => each.dataset.liveForm === section);
    if (form) typedIn(form).focus();
  };

  /* --- Who writes ------------------------------------------------------------------------------------------- */

  let wroteIn = "";
  let wroteAt = 0;
  let toldAt = 0;
  const writersPlace = document.querySelector("[data-live-writers]");

  const tellWriting = async () => {
    if (!root.dataset.liveWriting || shut || document.hidden || lostAt) return;
    toldAt = Date.now();
    const section = Date.now() - wroteAt < 2 * WRITING_EVERY ? wroteIn : "";
    try {
      const response = await asked(root.dataset.liveWriting, {
        method: "POST", body: new URLSearchParams({ section }), headers: { "X-CSRFToken": token(), "X-Refresh": section ? "watched" : "alone" },
      });
      if (response.ok && writersPlace) writersPlace.textContent = (await response.json()).writers.join(" · ");
    } catch {
      /* Who writes is not known without a connection; nothing hangs on it. */
    }
  };
  if (root.dataset.liveWriting) setInterval(tellWriting, WRITING_EVERY);

  /* --- Keys: one letter each, and they can be switched off ------------------------------------------------ */

  const KEYS = { p: "present", s: "share", r: "analyse", a: "actions", c: "conclude" };
  const OFF = `${PREFIX}keys-off`;
  const keysOff = () => Boolean(read(OFF));
  const typing = (one) => one instanceof HTMLElement && one.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");

  const step = (by) => {
    const cases = [...document.querySelectorAll("#live-agenda a")];
    const at = cases.findIndex((one) => one.hasAttribute("aria-current"));
    const next = cases[at + by];
    if (next) next.click();
    return Boolean(next);
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (keysOff() || typing(event.target)) return;
    const form = forms.find((each) => each.dataset.liveForm === KEYS[event.key]);
    const conclude = document.querySelector("#conclude_form button");
    let done = true;
    if (form) (form.elements.who || typedIn(form)).focus();
    else if (event.key === "n" && conclude) conclude.focus();
    else if (event.key === "j" || event.key === "k") done = step(event.key === "j" ? 1 : -1);
    else done = false;
    if (done) event.preventDefault();
  });
  const keysButton = document.createElement("button");
  keysButton.type = "button";
  keysButton.className = "linklike sm keys";
  const sayKeys = () => { keysButton.textContent = keysOff() ? "Keys are off" : "Keys are on"; };
  keysButton.addEventListener("click", () => {
    if (keysOff()) forget(OFF);
    else write(OFF, { at: Date.now() });
    sayKeys();
  });
  sayKeys();
  if (forms.length && place("live-pace")) place("live-pace").before(keysButton);

  /* --- How long, by the server's clock ---------------------------------------------------------------------- */

  const skew = (Date.parse(document.body.dataset.serverNow || "") - Date.now()) || 0;
  const tick = () => {
    document.querySelectorAll("[data-live-since]").forEach((one) => {
      const seconds = Math.max(0, Math.floor((Date.now() + (Math.abs(skew) > 90000 ? skew : 0) - Date.parse(one.dataset.liveSince)) / 1000));
      const two = (number) => String(number).padStart(2, "0");
      one.textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
    });
  };
  setInterval(tick, 1000);

  /* --- Begin -------------------------------------------------------------------------------------------------- */

  forms.forEach((form) => {
    const saved = read(draftName(form));
    if (saved && !words(form)) fill(form, saved.fields);
    form.addEventListener("input", () => {
      keepDraft(form);
      wroteIn = form.dataset.liveForm;
      wroteAt = Date.now();
      if (wroteAt - toldAt > WRITING_EVERY) tellWriting();
    });
    form.addEventListener("change", () => keepDraft(form));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submitted(form);
    });
    if (form.dataset.liveForm !== "actions") {
      typedIn(form).addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
        event.preventDefault();
        form.requestSubmit();
      });
    }
  });
  /* A page that is left without a connection does not come back: what would leave it waits for the line. */
  const stay = (event) => {
    const link = event.type === "click" && event.target instanceof Element && event.target.closest("a[href]");
    if (!lostAt || shut || (event.type === "click" && !link) || forms.includes(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    pressed = true;
    lost();
  };
  ["submit", "click"].forEach((name) => document.addEventListener(name, stay, true));
  window.addEventListener("online", () => { soon(0); send(); });
  window.addEventListener("offline", lost);
  document.addEventListener("visibilitychange", () => document.hidden || soon(0));
  window.addEventListener("pagehide", () => { forms.forEach(keepDraft); shut = true; clearTimeout(timer); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) { shut = false; soon(0); } });
  comeBack();
  showList();
  tick();
  send();
  soon();
})();
