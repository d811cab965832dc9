const told = new WeakSet<object>();

/** Whoever awaited an act shows its error in his own place: the act has nothing more to tell. */
export function claim(error: unknown): void {
  if (typeof error === "object" && error !== null) told.add(error);
}

/** Calls `tell` after all who awaited the act have heard of it, unless one of them claimed the error. */
export function tellUnclaimed(error: unknown, tell: () => void): void {
  setTimeout(() => {
    if (typeof error !== "object" || error === null || !told.has(error)) tell();
  });
}
