// Below each page that a search finds: the sections that hold its words, with what stands around them.
const around = 90, most = 3;

function excerpt(text, words) {
  const lower = text.toLowerCase();
  const places = words.map(word => lower.indexOf(word)).filter(place => place >= 0);
  if (places.length === 0) return null;
  const start = Math.max(0, Math.min(...places) - around), end = Math.min(text.length, start + 3 * around);
  const shown = document.createElement('span');
  shown.append(start > 0 ? '… ' : '');
  let at = start;
  while (at < end) {
    const next = words.map(word => ({ place: lower.indexOf(word, at), length: word.length })).filter(hit => hit.place >= 0 && hit.place < end)
      .sort((a, b) => a.place - b.place || b.length - a.length)[0];
    if (!next) break;
    shown.append(text.slice(at, next.place));
    shown.append(Object.assign(document.createElement('mark'), { textContent: text.slice(next.place, next.place + next.length) }));
    at = next.place + next.length;
  }
  shown.append(text.slice(Math.min(at, end), end), end < text.length ? ' …' : '');
  return shown;
}

function explain(result, words) {
  const link = result.querySelector('a');
  const [address, anchor] = link.getAttribute('href').split('#');
  const path = address.split('?')[0];
  const sections = castaliaTexts[path.replace(/\.html$/, '')] ?? [];
  const places = document.createElement('ul');
  places.className = 'found';
  for (const [id, heading, text] of sections) {
    if (places.children.length === most) break;
    if (anchor ? id !== anchor : !words.every(word => `${heading} ${text}`.toLowerCase().includes(word))) continue;
    const shown = excerpt(text, words) ?? excerpt(heading, words);
    if (!shown) continue;
    const place = places.appendChild(document.createElement('li'));
    if (!anchor) place.append(Object.assign(document.createElement('a'), { href: `${path}#${id}`, textContent: heading }), ' ');
    place.append(shown);
  }
  if (places.children.length > 0) result.append(places);
}

function watchSearch() {
  const results = document.getElementById('search-results');
  const words = (new URLSearchParams(location.search).get('q') ?? '').toLowerCase().split(/\s+/).filter(word => word !== '');
  if (!results || words.length === 0) return;
  new MutationObserver(changes => {
    for (const node of changes.flatMap(change => [...change.addedNodes]))
      if (node.nodeName === 'LI' && node.parentElement?.className === 'search') explain(node, words);
  }).observe(results, { childList: true, subtree: true });
}

// What scrolls by itself is reached by keys too.
function reachable() {
  for (const wide of document.querySelectorAll('.table-wrapper, pre')) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    else wide.removeAttribute('tabindex');
  }
}

// What Furo leaves unsaid: how deep its captions stand, what its sides are, and the heading of the page of results. Its icons are labels of hidden boxes, which no key reaches: buttons in their place.
function sayMore() {
  for (const caption of document.querySelectorAll('.caption[role=heading]')) caption.ariaLevel = '2';
  document.querySelector('.sidebar-drawer').ariaLabel = 'Pages';
  document.querySelector('.toc-drawer').ariaLabel = 'On this page';
  if (!document.querySelector('h1')) document.querySelector('article').prepend(Object.assign(document.createElement('h1'), { className: 'visually-hidden', textContent: 'Search' }));
  for (const overlay of document.querySelectorAll('label.overlay')) overlay.ariaHidden = 'true';
  for (const label of document.querySelectorAll('label.nav-overlay-icon, label.toc-overlay-icon')) {
    const box = document.getElementById(label.htmlFor);
    const button = Object.assign(document.createElement('button'), { className: label.className, type: 'button' });
    button.append(...label.childNodes);
    button.addEventListener('click', () => { box.checked = !box.checked; });
    label.replaceWith(button);
  }
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') for (const open of document.querySelectorAll('input.sidebar-toggle')) open.checked = false;
  });
}

document.addEventListener('DOMContentLoaded', () => {
  sayMore();
  watchSearch();
  reachable();
  addEventListener('resize', reachable);
});
