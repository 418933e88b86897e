/** Where in a text a selection stands: each piece of it says in `data-at` at which place in UTF-16 it begins. */
export interface Selected {
  from: number;
  to: number;
}

/** What is selected inside an element; null where the selection is not all in it. */
export function selectedIn(root: HTMLElement): Selected | null {
  const selection = document.getSelection();
  if (!selection || selection.rangeCount === 0) return null;
  const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
  if (!root.contains(startContainer) || !root.contains(endContainer)) return null;
  return { from: placeAt(root, startContainer, startOffset), to: placeAt(root, endContainer, endOffset) };
}

function placeAt(root: HTMLElement, node: Node, offset: number): number {
  if (node.nodeType === Node.TEXT_NODE) {
    const piece = node.parentElement!.closest<HTMLElement>('[data-at]');
    if (piece && root.contains(piece)) return startOf(piece) + inside(piece, offset);
  }
  // Between elements: the first piece behind that place, or the end of the last one before it.
  const pieces = [...root.querySelectorAll<HTMLElement>('[data-at]')];
  const range = document.createRange();
  range.setStart(node, offset);
  const next = pieces.find((piece) => range.comparePoint(piece, 0) >= 0);
  if (next) return startOf(next);
  const last = pieces.at(-1);
  return last ? startOf(last) + sizeOf(last) : 0;
}

const startOf = (piece: HTMLElement) => Number(piece.dataset.at);
const sizeOf = (piece: HTMLElement) => Number(piece.dataset.size ?? piece.textContent.length);

/** A piece with a size of its own stands for one character, whatever it shows. */
function inside(piece: HTMLElement, offset: number): number {
  if (piece.dataset.size === undefined) return offset;
  return offset > 0 ? Number(piece.dataset.size) : 0;
}

/** Sets the cursor at a place of the text. */
export function placeCursor(root: HTMLElement, place: number): void {
  const pieces = [...root.querySelectorAll<HTMLElement>('[data-at]')];
  const piece = pieces.findLast((one) => startOf(one) <= place) ?? pieces[0];
  const node = piece?.firstChild;
  if (!node) return;
  const offset = piece.dataset.size === undefined ? place - startOf(piece) : place > startOf(piece) ? 1 : 0;
  document.getSelection()?.collapse(node, Math.min(offset, node.textContent?.length ?? 0));
}
