/** Calls back whenever the page is left or covered: it may be the last that it can do. Returns how to stop that. */
export function whenHidden(onHide: () => void): () => void {
  const onHidden = () => document.hidden && onHide();
  window.addEventListener('pagehide', onHide);
  document.addEventListener('visibilitychange', onHidden);
  return () => {
    window.removeEventListener('pagehide', onHide);
    document.removeEventListener('visibilitychange', onHidden);
  };
}
