const FOCUSABLE = 'a[href], button, input, select, textarea, [contenteditable="true"], [tabindex="0"]';

/**
 * Keeps the keyboard where it was. When what has the focus is drawn anew or taken away, the browser forgets where one was; then
 * its successor takes the focus: what has its name, else what stands in its place, else the line in which one writes.
 */
export function keepFocus(): () => void {
  let lost: { element: Element; name: string; around: Element[]; index: number[] } | undefined;
  const remember = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement)) return;
    const around: Element[] = [];
    for (let each = target.parentElement; each && each !== document.body; each = each.parentElement) around.push(each);
    lost = {
      element: target,
      name: nameOf(target),
      around,
      index: around.map((each) => focusable(each).indexOf(target)),
    };
  };
  // Whoever clicks on nothing has left; an element that is taken away is gone in the same turn.
  const leave = () => {
    setTimeout(() => {
      if (document.activeElement === document.body) lost = undefined;
    });
  };
  const observer = new MutationObserver(() => {
    if (lost === undefined || (lost.element.isConnected && !lost.element.matches(':disabled'))) return;
    // What is disabled has the focus still, and would lose it when the page is drawn.
    if (document.activeElement !== document.body && document.activeElement !== lost.element) return;
    const { name, around, index } = lost;
    lost = undefined;
    successor(name, around, index)?.focus({ preventScroll: true });
  });
  document.addEventListener('focusin', remember);
  document.addEventListener('focusout', leave);
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
  return () => {
    document.removeEventListener('focusin', remember);
    document.removeEventListener('focusout', leave);
    observer.disconnect();
  };
}

function successor(name: string, around: readonly Element[], index: readonly number[]): HTMLElement | undefined {
  const isInView = around.some((each) => each.matches('dialog') && !each.isConnected);
  const nearest = around.findIndex((each) => each.isConnected && focusable(each).length > 0);
  const place = around[nearest];
  if (isInView || place === undefined || place.matches('.page')) {
    return document.querySelector<HTMLElement>('.composer textarea') ?? undefined;
  }
  const all = focusable(place);
  const at = Math.min(Math.max(index[nearest] ?? 0, 0), all.length - 1);
  const named = all.filter((each) => nameOf(each) === name);
  const near = (one: HTMLElement, other: HTMLElement) =>
    Math.abs(all.indexOf(one) - at) - Math.abs(all.indexOf(other) - at);
  return named.toSorted(near)[0] ?? all[at];
}

function focusable(place: Element): HTMLElement[] {
  const all = [...place.querySelectorAll<HTMLElement>(FOCUSABLE)];
  return all.filter((each) => each.checkVisibility() && !each.matches(':disabled'));
}

function nameOf(element: HTMLElement): string {
  return element.getAttribute('aria-label') ?? element.textContent ?? '';
}
