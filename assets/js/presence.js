/* Says that a page is open for writing, and shows who else has one open.

   <div role="status" data-presence="/incidents/DA-.../presence/" data-presence-page="the first response"></div>

   Every quarter of a minute, and once more when the page is left. Nothing is locked by it and nothing waits for it:
   without an answer the page is as it would be without this script. */
(() => {
  "use strict";

  const EVERY = 15000;
  const place = document.querySelector("[data-presence]");
  if (!place) return;

  let shown = "";
  let timer = 0;

  const token = () => {
    try {
      return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
    } catch {
      return "";
    }
  };

  const words = (more) => {
    const form = new FormData();
    form.append("csrfmiddlewaretoken", token());
    form.append("page", place.dataset.presencePage || "");
    Object.entries(more || {}).forEach(([name, value]) => form.append(name, value));
    return form;
  };

  /* A live region is read out when it changes, so it changes only when something else is to be said. */
  const show = (html) => {
    if (html === shown) return;
    shown = html;
    place.innerHTML = html;
  };

  const stop = () => {
    clearInterval(timer);
    timer = 0;
  };

  const say = async () => {
    try {
      const response = await fetch(place.dataset.presence, {
        method: "POST",
        body: words(),
        credentials: "same-origin",
        redirect: "manual",
        headers: { "X-Requested-With": "XMLHttpRequest" },
      });
      if (response.ok) show((await response.text()).trim());
      else if (response.type === "opaqueredirect" || [401, 403, 404].includes(response.status)) stop();
    } catch {
      /* No connection: who else is there is not known, and what was shown stays. */
    }
  };

  const start = () => {
    stop();
    say();
    timer = setInterval(say, EVERY);
  };

  window.addEventListener("pagehide", () => {
    stop();
    navigator.sendBeacon(place.dataset.presence, words({ left: "yes" }));
  });
  window.addEventListener("pageshow", (event) => event.persisted && start());
  start();
})();
