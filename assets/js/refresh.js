/* Boards that refresh themselves. An element with data-refresh="<address>" and data-refresh-every="15"
   is fetched again and its inside replaced, unless somebody types in it, has the focus or a selection in
   it. What was unfolded stays unfolded. The element named by data-refresh-status says how fresh it is:
   calm when a fetch failed, alarmed after two minutes, so that nobody works by an old list unknowingly.
   The answer is the inside alone, or a whole page in which an element of the same id stands; of a whole
   page the elements named by data-refresh-with="<id> <id>" are replaced from the same answer too. */
(() => {
  "use strict";

  const ALARM_AFTER = 2 * 60000;
  const GIVE_UP_AFTER = 12000;

  const clock = (instant) => {
    const two = (number) => String(number).padStart(2, "0");
    return `${two(instant.getHours())}:${two(instant.getMinutes())}:${two(instant.getSeconds())}`;
  };

  /* Somebody who moved or typed since the last fetch is there; a board alone keeps no session alive. */
  let somebody = true;
  ["pointermove", "keydown", "wheel", "touchstart"].forEach((name) =>
    window.addEventListener(name, () => { somebody = true; }, { passive: true }));

  const changed = (field) => {
    if (field.matches("input[type=checkbox], input[type=radio]")) return field.checked !== field.defaultChecked;
    if (field.matches("select")) return [...field.options].some((one) => one.selected !== one.defaultSelected);
    return field.matches("input:not([type=hidden]), textarea") && field.value !== field.defaultValue;
  };

  const inUse = (board) => {
    const held = document.activeElement;
    if (board.contains(held) && held.matches("input, select, textarea, [contenteditable]")) return true;
    const selection = window.getSelection();
    if (selection && !selection.isCollapsed && selection.containsNode(board, true)) return true;
    return [...board.querySelectorAll("input, select, textarea")].some(changed);
  };

  /* Which of several alike: by id or address, else by its words; and how many alike stand before it. */
  const marks = (root, what) => {
    const seen = {};
    return [...root.querySelectorAll(what)].map((one) => {
      const said = one.matches("details") ? one.querySelector("summary") || one : one;
      const words = one.id || one.getAttribute("href") || said.textContent.trim();
      seen[words] = (seen[words] || 0) + 1;
      return [`${words} ${seen[words]}`, one];
    });
  };
  const PRESSED = "a, button, summary";

  const replace = (board, html) => {
    const answer = new DOMParser().parseFromString(html, "text/html");
    put(board, (board.id && answer.getElementById(board.id)) || answer.body);
    (board.dataset.refreshWith || "").split(" ").filter(Boolean).forEach((id) => {
      const [beside, found] = [document.getElementById(id), answer.getElementById(id)];
      if (beside && found && !inUse(beside)) put(beside, found);
    });
  };

  const put = (board, found) => {
    const unfolded = new Map(marks(board, "details").map(([mark, one]) => [mark, one.open]));
    const [held] = marks(board, PRESSED).find(([, one]) => one === document.activeElement) || [];
    const scrolled = [...board.querySelectorAll("[id]")].filter((one) => one.scrollLeft || one.scrollTop)
      .map((one) => [one.id, one.scrollLeft, one.scrollTop]);
    board.replaceChildren(...found.childNodes);
    marks(board, "details").forEach(([mark, one]) => { if (unfolded.has(mark)) one.open = unfolded.get(mark); });
    const [, again] = (held && marks(board, PRESSED).find(([mark]) => mark === held)) || [];
    if (again) again.focus({ preventScroll: true });
    scrolled.forEach(([id, left, top]) => {
      const one = document.getElementById(id);
      if (one) one.scrollTo(left, top);
    });
    if (window.htmx) window.htmx.process(board);
    board.dispatchEvent(new CustomEvent("lodestar:refreshed", { bubbles: true }));
  };

  const watch = (board) => {
    const every = 1000 * (Number(board.dataset.refreshEvery) || 15);
    const status = document.querySelector(`[data-refresh-status="${board.id}"]`);
    const words = status && status.querySelector("[data-refresh-words]");
    let fresh = new Date();
    let failed = "";
    let running = false;
    let last = "";
    let timer = 0;

    /* Announced once when it goes wrong and once more when it is alarming, not at every try. */
    const box = document.createElement("div");
    box.setAttribute("role", "status");
    board.before(box);

    const say = () => {
      if (words) words.textContent = failed ? "" : `up to date ${clock(fresh)}`;
      if (!failed) {
        box.replaceChildren();
        return;
      }
      const alarming = Date.now() - fresh.getTime() >= ALARM_AFTER;
      const level = alarming ? "alertbar" : "warnbar";
      const sentence = `Not up to date since ${clock(fresh)}. ${failed}`;
      if (box.firstChild && box.firstChild.className === level && box.textContent === sentence) return;
      const bar = document.createElement("div");
      bar.className = level;
      const since = document.createElement("b");
      since.textContent = `Not up to date since ${clock(fresh)}.`;
      bar.append(since, ` ${failed}`);
      box.replaceChildren(bar);
    };

    const fetched = async () => {
      const stop = new AbortController();
      const late = setTimeout(() => stop.abort(), GIVE_UP_AFTER);
      const headers = { "HX-Request": "true", "X-Refresh": somebody ? "watched" : "alone" };
      somebody = false;
      try {
        return await fetch(board.dataset.refresh, { headers, credentials: "same-origin", signal: stop.signal });
      } finally {
        clearTimeout(late);
      }
    };

    const refresh = async (asked) => {
      if (running || (!asked && document.hidden)) return;
      if (!asked && inUse(board)) {
        if (Date.now() - fresh.getTime() >= ALARM_AFTER) failed = "It waits while you type or select in it.";
        return;
      }
      running = true;
      try {
        const answer = await fetched();
        if (answer.status === 401 || answer.redirected) failed = "You are signed out: load the page again to sign in.";
        else if (!answer.ok) failed = "The service could not give the list. It tries again by itself.";
        else {
          const html = await answer.text();
          failed = "";
          /* Somebody may have begun to type while it was on its way: then the next one is shown. */
          if (asked || !inUse(board)) {
            if (html !== last) replace(board, html);
            last = html;
            fresh = new Date();
          }
        }
      } catch {
        failed = "The service cannot be reached. It tries again by itself.";
      } finally {
        running = false;
        say();
      }
    };

    const tick = async () => {
      await refresh(false);
      if (failed) say();
      timer = setTimeout(tick, every);
    };

    document.querySelectorAll(`[data-refresh-now="${board.id}"]`).forEach((link) =>
      link.addEventListener("click", (event) => {
        event.preventDefault();
        refresh(true);
      }));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      clearTimeout(timer);
      tick();
    });
    say();
    timer = setTimeout(tick, every);
  };

  document.querySelectorAll("[data-refresh]").forEach(watch);
})();
