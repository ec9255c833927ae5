// How many integers native operations on maps of four dimensions read from tensors.

/** Sizes before and after each dimension. */
export const MARGIN = 8;
/** The same, and the number that is put there. */
export const PAD = MARGIN + 1;
/** First and size of each dimension. */
export const SLICE = 8;
/** First, last and step of each dimension. */
export const STRIDED_SLICE = 12;
/** The axis along which maps are joined. */
export const CONCAT = 1;
/** Height and width. */
export const RESIZE = 2;
