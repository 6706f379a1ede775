/** Saves a chart as a file in the browser; nothing is sent to a server. */

const SCALE = 2;
const TITLE_PX = 36;
const PADDING_PX = 16;

export function saveCsv(text: string, fileName: string): void {
  saveBlob(new Blob([text], { type: 'text/csv;charset=utf-8' }), fileName);
}

/** Saves the chart's SVG with its title, on the page's background, as PNG. */
export async function savePicture(
  holder: HTMLElement,
  title: string,
  fileName: string,
): Promise<void> {
  const drawing = holder.querySelector('svg.recharts-surface');
  if (!(drawing instanceof SVGSVGElement)) return;
  const { width, height } = drawing.getBoundingClientRect();
  const image = await loadImage(standaloneSvg(drawing, width, height));
  const canvas = document.createElement('canvas');
  canvas.width = (width + 2 * PADDING_PX) * SCALE;
  canvas.height = (height + TITLE_PX + 2 * PADDING_PX) * SCALE;
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(document.body);
  context.scale(SCALE, SCALE);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = style.color;
  context.font = `600 16px ${style.fontFamily}`;
  context.textBaseline = 'top';
  context.fillText(title, PADDING_PX, PADDING_PX, width);
  context.drawImage(image, PADDING_PX, PADDING_PX + TITLE_PX, width, height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) saveBlob(blob, fileName);
}

/** The SVG with every computed colour and font inlined, because an image has no style sheet. */
function standaloneSvg(drawing: SVGSVGElement, width: number, height: number): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const originals = drawing.querySelectorAll('*');
  copy.querySelectorAll<SVGElement>('*').forEach((element, at) => {
    const original = originals[at];
    if (!original) return;
    const style = getComputedStyle(original);
    for (const name of ['fill', 'stroke', 'font-family', 'font-size', 'opacity']) {
      element.style.setProperty(name, style.getPropertyValue(name));
    }
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  return new XMLSerializer().serializeToString(copy);
}

function loadImage(svg: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error('the chart could not be drawn as a picture'));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  });
}

function saveBlob(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
