// The CDN was silent: take htmx from this machine. Only once the page has loaded, or htmx would wait for an event that has passed.
addEventListener('load', () => {
  if (window.htmx) return;
  const script = document.createElement('script');
  script.src = '/assets/htmx.min.js';
  document.head.append(script);
});
