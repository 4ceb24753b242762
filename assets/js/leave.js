// "Leave this page": the page before is not to be found by going back. Without script it is a link.
(() => {
  const leave = document.getElementById("leave");
  if (!leave) return;
  leave.addEventListener("click", (event) => {
    event.preventDefault();
    window.location.replace(leave.href);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") window.location.replace(leave.href);
  });
})();
