/* Keeps what is typed, signal or not.

   <form method="post" data-autosave-url="..." data-autosave-key="call:17:draft:4f2c" data-autosave-kept-at="ISO">
     {% csrf_token %} <input type="hidden" name="version" value="3"> ...
     <span data-autosave-status></span>   (in the form, or anywhere with form="its id")

   Give the form autocomplete="off", or a browser that fills in old values on reload hides what the server has.

   The fields are posted form-encoded 600 ms after the last change and when the page is left, never two requests
   at once; the latest content wins. The key names the person and the record, so that on a shared computer nobody
   is shown another's words. Every page carries one token, sent as X-Autosave-Token: when an answer was lost on the
   way, the server knows the next try for the same writer's and need not call it stale.

   The server answers
     200 {"kept_at": ISO, "version": n, "fragments": {"#id": "<html>"}}   kept
     409 {"detail": words}            somebody else changed it: stop, and say so
     401 {"detail": words, "sign_in": address}, or 403                     signed out, or not allowed
     400, 413, 422 {"detail": words}  cannot be kept like this: try again after the next change
   Anything else, or nothing, is tried again with growing pauses.

   A form with a key and without data-autosave-url has no draft on the server: what is typed is copied to this
   computer alone, and put back when the page is opened again.

   What could not be sent is copied to this computer and removed as soon as it is kept. A page with
   data-autosave-clear="key key" removes copies for good, after a submission was accepted. */
(() => {
  "use strict";

  const PAUSE = 600;
  const GIVE_UP_AFTER = 15000;
  const FIRST_RETRY = 2000;
  const LONGEST_RETRY = 60000;
  const MOST_ON_THEIR_WAY = 3;
  const KEEPALIVE_LIMIT = 60000;
  const COPY_PREFIX = "lodestar:autosave:";
  const OLDEST_COPY = 7 * 24 * 3600 * 1000;
  const NOT_CONTENT = ["csrfmiddlewaretoken", "version"];
  const HELD_BACK = "No connection, so it was not sent. What you typed is safe; send it again when the signal is back.";
  const TOKEN = crypto.getRandomValues(new Uint32Array(4)).join("-");

  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Europe/London", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
  });

  /* --- Copies on this computer ------------------------------------------------------------------- */

  const copies = {
    read(key) {
      try {
        return JSON.parse(localStorage.getItem(COPY_PREFIX + key));
      } catch {
        return null;
      }
    },
    write(key, copy) {
      try {
        localStorage.setItem(COPY_PREFIX + key, JSON.stringify(copy));
        return true;
      } catch {
        return false;
      }
    },
    remove(key) {
      try {
        localStorage.removeItem(COPY_PREFIX + key);
      } catch {
        /* Storage switched off: there is nothing to remove. */
      }
    },
    /* A computer is shared and copies hold what victims said: none outlives a week. */
    forgetOld() {
      try {
        Object.keys(localStorage).filter((name) => name.startsWith(COPY_PREFIX)).forEach((name) => {
          const key = name.slice(COPY_PREFIX.length);
          const copy = copies.read(key);
          if (!copy || Date.now() - copy.at > OLDEST_COPY) copies.remove(key);
        });
      } catch {
        /* Storage switched off. */
      }
    },
  };

  /* --- The form's content ------------------------------------------------------------------------ */

  const pairs = (form) => [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const content = (form) => pairs(form).filter(([name]) => !NOT_CONTENT.includes(name));
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  const fill = (form, saved) => {
    const waiting = new Map();
    saved.forEach(([name, value]) => waiting.set(name, [...(waiting.get(name) || []), value]));
    [...form.elements].forEach((field) => {
      if (!field.name || NOT_CONTENT.includes(field.name)) return;
      if (["submit", "button", "file", "hidden", "fieldset"].includes(field.type)) return;
      const values = waiting.get(field.name) || [];
      if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
      else if (field.type === "select-multiple") {
        [...field.options].forEach((option) => { option.selected = values.includes(option.value); });
      } else if (values.length) field.value = values.shift();
    });
    form.dispatchEvent(new CustomEvent("lodestar:restored", { bubbles: true }));
  };

  const swap = (fragments) => {
    Object.entries(fragments || {}).forEach(([selector, html]) => {
      const target = document.querySelector(selector);
      if (!target || (target.contains(document.activeElement) && target.querySelector("input, select, textarea"))) return;
      const template = document.createElement("template");
      template.innerHTML = html;
      const only = template.content.firstElementChild;
      const replaces = only && template.content.childElementCount === 1 && only.id && only.id === target.id;
      if (replaces) target.replaceWith(template.content);
      else target.replaceChildren(template.content);
      const fresh = replaces ? document.getElementById(only.id) : target;
      if (window.htmx && fresh) window.htmx.process(fresh);
    });
    if (fragments) document.dispatchEvent(new CustomEvent("lodestar:swapped"));
  };

  const jsonOf = async (response) => {
    if (!(response.headers.get("Content-Type") || "").includes("json")) return {};
    try {
      return await response.json();
    } catch {
      return {};
    }
  };

  /* --- One form ------------------------------------------------------------------------------------ */

  class Autosave {
    constructor(form) {
      this.form = form;
      this.url = form.dataset.autosaveUrl;
      this.key = form.dataset.autosaveKey || "";
      this.kept = content(form);
      this.sending = false;
      this.stopped = false;
      this.left = false;
      this.unkept = false;
      this.heldBack = false;
      this.failures = 0;
      this.onItsWay = [];
      this.timer = 0;
      this.listen();
      this.offerCopy();
    }

    get statusPlace() {
      return this.form.querySelector("[data-autosave-status]") ||
        (this.form.id && document.querySelector(`[data-autosave-status][form="${CSS.escape(this.form.id)}"]`)) ||
        document.querySelector("[data-autosave-status]:not([form])");
    }

    get versionInput() {
      return this.form.querySelector("input[name=version]");
    }

    get changed() {
      return !same(this.kept, content(this.form));
    }

    listen() {
      this.form.addEventListener("input", () => this.soon());
      this.form.addEventListener("change", () => this.soon());
      this.form.addEventListener("focusout", () => this.timer && this.soon(0));
      this.form.addEventListener("submit", (event) => this.submitted(event));
      document.addEventListener("visibilitychange", () => document.hidden && this.leave());
      window.addEventListener("pagehide", () => this.leave());
      window.addEventListener("pageshow", (event) => event.persisted && this.comeBack());
      window.addEventListener("online", () => this.soon(0));
    }

    soon(pause = PAUSE) {
      clearTimeout(this.timer);
      this.timer = 0;
      if (this.left || (!this.changed && !this.failures)) return;
      if (!this.url) {
        this.timer = setTimeout(() => this.keepHere(), pause);
        return;
      }
      if (this.stopped || this.failures) this.keepCopy();
      if (this.stopped) return;
      this.timer = setTimeout(() => this.send(), pause);
    }

    keepHere() {
      this.timer = 0;
      if (!this.keepCopy()) return this.say("Not kept: this browser keeps nothing for you.", true);
      const kept = `Kept on this computer ${clock.format(new Date())}`;
      this.say(this.heldBack ? `${kept}, but not sent yet: the signal is back, send it again.` : kept, this.heldBack);
    }

    request(body, extra) {
      return fetch(this.url, {
        method: "POST",
        body,
        credentials: "same-origin",
        redirect: "manual",
        headers: {
          Accept: "application/json",
          "X-Requested-With": "XMLHttpRequest",
          "X-Autosave-Token": TOKEN,
          "X-CSRFToken": this.form.elements.csrfmiddlewaretoken ? this.form.elements.csrfmiddlewaretoken.value : "",
        },
        ...extra,
      });
    }

    async send(extra = {}) {
      clearTimeout(this.timer);
      this.timer = 0;
      if (this.sending || this.stopped) return;
      this.sending = true;
      const sent = content(this.form);
      this.onItsWay = [sent, ...this.onItsWay].slice(0, MOST_ON_THEIR_WAY);
      const patience = new AbortController();
      const timeout = setTimeout(() => patience.abort(), GIVE_UP_AFTER);
      try {
        const body = new URLSearchParams(pairs(this.form));
        const response = await this.request(body, { signal: patience.signal, ...extra });
        await this.answered(response, sent);
      } catch {
        this.later("Not kept yet: no connection. Trying again.");
      } finally {
        clearTimeout(timeout);
        this.sending = false;
      }
      if (!this.failures && this.changed) this.soon();
    }

    async answered(response, sent) {
      if (response.ok) return this.keptAs(await jsonOf(response), sent);
      if (response.type === "opaqueredirect" || response.status === 401) {
        return this.signedOut(await jsonOf(response));
      }
      const answer = await jsonOf(response);
      if (response.status === 403 && !answer.detail) return this.signedOut(answer);
      if (response.status === 409 && await this.wasMine()) return this.soon(0);
      if (response.status === 409 || response.status === 403) return this.stop(answer.detail);
      if ([400, 413, 422].includes(response.status)) return this.refused(answer.detail, sent);
      return this.later("Not kept yet: the service did not answer. Trying again.", response.headers.get("Retry-After"));
    }

    keptAs(answer, sent) {
      this.kept = sent;
      this.onItsWay = [];
      this.failures = 0;
      this.unkept = false;
      if (this.versionInput && answer.version !== undefined) this.versionInput.value = answer.version;
      if (this.changed) this.keepCopyIfNeeded();
      else copies.remove(this.key);
      const kept = `Kept ${clock.format(answer.kept_at ? new Date(answer.kept_at) : new Date())}`;
      this.say(this.heldBack ? `${kept}, but not sent yet: the signal is back, send it again.` : kept, this.heldBack);
      swap(answer.fragments);
    }

    later(words, retryAfter) {
      this.keepCopy();
      this.failures += 1;
      const pause = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (this.failures - 1));
      const asked = Number(retryAfter) * 1000;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), asked > 0 ? Math.min(asked, LONGEST_RETRY) : pause);
      this.say(this.heldBack ? HELD_BACK : words, true);
    }

    refused(detail, sent) {
      this.keepCopy();
      this.kept = sent;
      this.failures = 0;
      this.unkept = true;
      this.say(`Not kept: ${detail || "something here cannot be kept. Look through what was entered."}`, true);
    }

    /* This page was loaded while its predecessor's last words were still on their way: then what the server holds
       now is what was typed here, and its version is ours to go on from. Anything else is somebody else's. */
    async wasMine() {
      if (!this.onItsWay.length) return false;
      const response = await fetch(location.href, { credentials: "same-origin", redirect: "manual" });
      if (!response.ok) return false;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const form = page.getElementById(this.form.id);
      const held = form && this.onItsWay.find((fields) => same(content(form), fields));
      this.onItsWay = [];
      if (!held) return false;
      this.kept = held;
      this.failures = 0;
      this.versionInput.value = form.querySelector("input[name=version]").value;
      if (this.changed) return true;
      copies.remove(this.key);
      this.say(`Kept ${clock.format(new Date())}`);
      return true;
    }

    stop(detail) {
      this.keepCopy();
      this.stopped = true;
      this.say(`Not kept: ${detail || "this was changed by somebody else. Copy what you need, then load the page again."}`, true);
    }

    signedOut(answer) {
      this.keepCopy();
      this.stopped = true;
      const here = location.pathname + location.search;
      const link = document.createElement("a");
      link.href = `${answer.sign_in || "/account/login/"}?next=${encodeURIComponent(here)}`;
      link.textContent = "Sign in";
      this.say("Not kept: your session has ended. What you typed is safe on this computer.", true, [link, "and it is put back here."]);
    }

    say(words, failed = false, more = []) {
      const place = this.statusPlace;
      if (!place) return;
      place.setAttribute("aria-live", failed ? "assertive" : "off");
      place.classList.toggle("failed", failed);
      place.replaceChildren(words);
      more.forEach((part) => place.append(" ", part));
    }

    keepCopy(extra = {}) {
      if (!this.key) return false;
      const version = this.versionInput ? this.versionInput.value : null;
      return copies.write(this.key, { at: Date.now(), version, fields: content(this.form), ...extra });
    }

    keepCopyIfNeeded() {
      if (copies.read(this.key)) this.keepCopy();
    }

    /* The page may never come back: copy, and send without waiting for the answer. */
    leave() {
      if (this.left || (!this.changed && !this.failures)) return;
      this.keepCopy({ leaving: true, onItsWay: this.onItsWay });
      if (!this.url || this.stopped || this.sending) return;
      const body = new URLSearchParams(pairs(this.form));
      if (body.toString().length > KEEPALIVE_LIMIT) this.send();
      else this.send({ keepalive: true });
    }

    comeBack() {
      this.left = false;
      this.soon(0);
    }

    submitted(event) {
      if (event.defaultPrevented) return;
      if (!navigator.onLine) {
        event.preventDefault();
        this.keepCopy();
        this.heldBack = true;
        this.say(HELD_BACK, true);
        return;
      }
      this.heldBack = false;
      clearTimeout(this.timer);
      this.timer = 0;
      if (!this.url || this.changed || this.failures || this.sending || this.unkept) this.keepCopy({ submitted: true });
      else copies.remove(this.key);
      this.left = true;
      setTimeout(() => { this.left = false; }, GIVE_UP_AFTER);
    }

    /* --- A copy from last time -------------------------------------------------------------------- */

    offerCopy() {
      const copy = this.key && copies.read(this.key);
      if (!copy) return;
      if (same(copy.fields, this.kept)) {
        /* Refused, and shown again with what was typed: on record nowhere but in the copy. */
        if (this.url) copies.remove(this.key);
        else this.keepCopy();
        return;
      }
      const version = this.versionInput ? this.versionInput.value : null;
      const keptAt = Date.parse(this.form.dataset.autosaveKeptAt || "");
      /* Made before the server had what it has already acknowledged: the page is behind the copy, not ahead of it. */
      const behind = version !== null && copy.version !== null && Number(version) < Number(copy.version);
      if (behind) this.versionInput.value = copy.version;
      const moved = version !== null ? !behind && version !== copy.version : keptAt > copy.at;
      const mine = this.sentBy(copy).some((fields) => same(fields, this.kept));
      if (this.url && copy.submitted && moved) copies.remove(this.key);
      else if (copy.submitted || (moved && !mine)) this.ask(copy);
      else this.putBack(copy);
    }

    /* What the page before this one sent without hearing whether it arrived. */
    sentBy(copy) {
      return copy.leaving ? [copy.fields, ...(copy.onItsWay || [])] : [];
    }

    putBack(copy) {
      fill(this.form, copy.fields);
      if (copy.leaving && this.form.id && this.versionInput) this.onItsWay = this.sentBy(copy);
      this.say(`Put back what was typed at ${clock.format(copy.at)}.`);
      if (this.url) this.soon(0);
      else this.keepCopy();
    }

    ask(copy) {
      const box = document.createElement("div");
      box.className = "warnbar";
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", "Typed earlier and not kept");
      const words = document.createElement("p");
      words.textContent = `What was typed here at ${clock.format(copy.at)} may not have been kept, and this page shows something else. Compare before you choose.`;
      const list = document.createElement("dl");
      list.className = "facts";
      copy.fields.filter((pair) => pair[1].trim() && !this.kept.some((kept) => same(kept, pair))).forEach(([name, value]) => {
        const term = document.createElement("dt");
        const input = this.form.elements[name];
        if (input && input.type === "hidden") return;
        const label = input && input.labels && input.labels[0];
        term.textContent = label ? label.textContent.trim() : name.replaceAll("_", " ");
        const said = document.createElement("dd");
        said.className = "words";
        said.textContent = value;
        list.append(term, said);
      });
      const buttons = document.createElement("div");
      buttons.className = "line";
      const choose = (words, act) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn sec sm";
        button.textContent = words;
        button.addEventListener("click", () => {
          box.remove();
          act();
        });
        buttons.append(button);
      };
      choose("Put it back", () => this.putBack(copy));
      choose("Throw it away", () => copies.remove(this.key));
      box.append(words, list, buttons);
      this.form.prepend(box);
    }
  }

  copies.forgetOld();
  document.querySelectorAll("[data-autosave-clear]").forEach((element) =>
    element.dataset.autosaveClear.split(/\s+/).filter(Boolean).forEach((key) => copies.remove(key)));
  document.querySelectorAll("form[data-autosave-url], form[data-autosave-key]").forEach((form) => new Autosave(form));
})();
