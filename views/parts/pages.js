(() => {
  if (window.safeguardingPages) return;
  window.safeguardingPages = true;
  let moved = false;
  let focused = "";
  let announced = "";

  const live = document.createElement("p");
  live.setAttribute("role", "status");
  live.className = "kb-unseen";
  document.body.append(live);

  // A link inside the pages keeps the session, and with it the answer; any other click is the browser's own.
  const open = (event) => {
    const link = event.target.closest?.("a.kb-link");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.pushState({}, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate"));
  };

  const copy = async (event) => {
    const button = event.target.closest?.("button.kb-copy");
    if (!button) return;
    const text = button.parentElement.querySelector("pre");
    const label = button.dataset.kbLabel ||= button.textContent;
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
      live.textContent = button.dataset.kbDone;
      setTimeout(() => { button.textContent = label; }, 3000);
    } catch {
      text.hidden = false;
      getSelection().selectAllChildren(text);
      live.textContent = "The text to copy is selected";
    }
  };

  const submit = (event) => {
    const box = event.target.closest?.(".st-key-question textarea");
    if (!box || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    box.closest('[data-testid="stForm"]')?.querySelector('[data-testid="stFormSubmitButton"] button')?.click();
  };

  const count = (event) => {
    const box = event.target.closest?.(".st-key-question textarea");
    const shown = document.querySelector(".kb-count");
    if (box && shown) shown.textContent = shown.dataset.kbCount.replace("0", String(box.value.length));
  };

  const look = () => {
    const target = document.querySelector("mark[data-kb-focus]") || document.querySelector("[data-kb-focus]");
    const token = target?.dataset.kbFocus;
    if (token && token !== focused) {
      if (target.matches("mark") || moved) {
        target.focus({ preventScroll: true });
        target.scrollIntoView({ block: target.matches("mark") ? "center" : "end" });
      }
      focused = token;
      moved = false;
    }
    const said = document.querySelector("[data-kb-announce]")?.dataset.kbAnnounce || "";
    if (said !== announced) {
      announced = said;
      live.textContent = said;
    }
  };

  document.addEventListener("click", open);
  document.addEventListener("click", copy);
  document.addEventListener("keydown", submit, true);
  document.addEventListener("input", count);
  window.addEventListener("popstate", () => { moved = true; });
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  look();
})();
