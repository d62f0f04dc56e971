/**
 * Questions that are put inside the page: each function runs in the browser, by itself. Only what they need of the DOM
 * is declared.
 */
interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
}

interface PageElement {
  readonly tagName: string;
  readonly textContent: string;
  readonly className: unknown;
  readonly parentElement: PageElement | null;
  readonly childNodes: Iterable<{ readonly nodeType: number; readonly textContent: string }>;
  readonly scrollWidth: number;
  readonly clientWidth: number;
  open: boolean;
  getBoundingClientRect(): Box;
  closest(selector: string): PageElement | null;
  checkVisibility(): boolean;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

interface Style {
  readonly color: string;
  readonly fill: string;
  readonly backgroundColor: string;
}

declare const document: PageElement & { readonly documentElement: PageElement; readonly body: PageElement };
declare function getComputedStyle(element: PageElement): Style;

/** Opens all that folds. */
export function unfoldAll(): void {
  for (const details of document.querySelectorAll('details')) details.open = true;
}

/** What stands out to the right of the page, but for what scrolls in a box of its own. */
export function overflowing(): string[] {
  const root = document.documentElement;
  const edge = root.clientWidth + 0.5;
  const out = [...document.body.querySelectorAll('*')].filter((element) => {
    if (!element.checkVisibility() || element.getBoundingClientRect().right <= edge) return false;
    const box = element.parentElement?.closest('.scroll, .paste') ?? null;
    return box === null || box.getBoundingClientRect().right > edge;
  });
  const wide = root.scrollWidth > root.clientWidth ? [`page ${root.scrollWidth} > ${root.clientWidth}`] : [];
  return [
    ...wide,
    ...out.map((element) => `${element.tagName}.${element.className}: ${element.textContent.slice(0, 60)}`),
  ];
}

/** Boxes that hold more than they show: on paper nobody can scroll. */
export function cutOff(): string[] {
  return [...document.querySelectorAll('.scroll, .paste, .paste code, td, li')]
    .filter(
      (element) =>
        element.checkVisibility() && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0,
    )
    .map((element) => `${element.tagName}.${element.className}: ${element.scrollWidth} > ${element.clientWidth}`);
}

/**
 * Texts whose colour stands out from their ground by less than 4.5 to 1 (WCAG 2.2, 1.4.3), and how many were looked at.
 */
export function faintTexts(): { readonly checked: number; readonly faint: string[] } {
  const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element: PageElement | null): string => {
    if (element === null) return 'rgb(255, 255, 255)';
    const colour = getComputedStyle(element).backgroundColor;
    return channels(colour)[3] === 0 ? ground(element.parentElement) : colour;
  };
  const texts = [...document.body.querySelectorAll('*')].filter(
    (element) =>
      element.checkVisibility() &&
      !['SCRIPT', 'title', 'desc'].includes(element.tagName) &&
      [...element.childNodes].some(({ nodeType, textContent }) => nodeType === 3 && textContent.trim() !== ''),
  );
  const faint = texts.flatMap((element) => {
    const style = getComputedStyle(element);
    const ink = element.tagName === 'text' ? style.fill : style.color;
    const [light = 0, dark = 0] = [luminance(ink), luminance(ground(element))].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    return ratio < 4.5
      ? [`${ratio.toFixed(2)} ${element.tagName}.${element.className}: ${element.textContent.slice(0, 40)}`]
      : [];
  });
  return { checked: texts.length, faint };
}
