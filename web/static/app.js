// The little that pages do beyond plain HTML. Every form and link works without it.
(() => {
  const root = document.documentElement;
  const typing = (e) => e.isComposing || e.keyCode === 229;
  const inField = (e) => e.target.closest('input,select,textarea,[contenteditable]');

  // Search sends what was meant: never half-typed pinyin, but once when the input method has finished.
  const ready = (e) => e.target.dispatchEvent(new Event('search-ready', { bubbles: true }));
  addEventListener('input', (e) => { if (e.target.matches('[data-search]') && !e.isComposing) ready(e); });
  addEventListener('compositionend', (e) => { if (e.target.matches('[data-search]')) ready(e); });

  // Ctrl+Enter submits the form one is writing in; it is not a single-key shortcut and stays on.
  addEventListener('keydown', (e) => {
    if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey) || typing(e)) return;
    const form = e.target.closest('form');
    if (form) { e.preventDefault(); form.requestSubmit(form.querySelector('[data-submit]') || undefined); }
  });

  // Single keys: off in fields, while composing, and for who has switched them off (WCAG 2.1.4).
  const rows = () => [...document.querySelectorAll('main .rowlink')].filter((a) => a.offsetParent);
  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    all[Math.min(Math.max(at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step, 0), all.length - 1)].focus();
  };
  const places = { d: '/', c: '/contracts' };
  let leader = 0;
  addEventListener('keydown', (e) => {
    if (root.dataset.keys === 'off' || e.ctrlKey || e.metaKey || e.altKey || typing(e)) return;
    if (e.key === 'Escape') { const open = e.target.closest('details[open]'); if (open) { open.open = false; open.firstElementChild.focus(); } return; }
    if (inField(e)) return;
    const second = Date.now() - leader < 1000;
    leader = 0;
    if (second && places[e.key]) location.assign(places[e.key]);
    else if (e.key === 'g') leader = Date.now();
    else if (e.key === 'j') move(1);
    else if (e.key === 'k') move(-1);
    else if (e.key === '?') location.assign('/help#keys');
    else if (e.key === '/') {
      const search = document.querySelector('main [type=search]');
      if (search) { e.preventDefault(); search.focus(); search.select(); }
    }
  });

  // A refused form: begin at what is wrong. After htmx put a new part in place: at its errors, else at its heading.
  const begin = (part, heading) => {
    const to = part.querySelector('[data-focus]') || (heading && part.querySelector('h1,h2'));
    if (!to) return;
    if (!to.hasAttribute('tabindex')) to.tabIndex = -1;
    to.focus();
  };
  addEventListener('DOMContentLoaded', () => begin(document, false));
  addEventListener('htmx:afterSwap', (e) => {
    if (!document.activeElement || document.activeElement === document.body) begin(e.detail.target, true);
    else if (e.detail.target.querySelector('[data-focus]')) begin(e.detail.target, false);
  });

  // A swap that failed says so, in the page's language, and leaves the page as it is.
  const say = (text) => {
    const note = document.getElementById('note');
    note.className = 'note late';
    note.textContent = text;
  };
  addEventListener('htmx:beforeRequest', () => { const note = document.getElementById('note'); note.className = ''; note.textContent = ''; });
  addEventListener('htmx:responseError', (e) => say(document.getElementById('note').dataset.failed.replace('{status}', e.detail.xhr.status)));
  addEventListener('htmx:sendError', () => say(document.getElementById('note').dataset.offline));
})();
