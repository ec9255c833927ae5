export { type Augmentation, fillBatch, shuffled } from './batch.js';
export { checkClasses } from './class-count.js';
export { swapRectangles } from './cut-mix.js';
export { type DataSetOptions, readDataSet } from './data-set.js';
export { dataCacheFolder } from './decoded-cache.js';
export { type ImageFolderOptions, readImageFolder } from './image-folder.js';
export { countOf, type DataSet, type ImageSet } from './image-set.js';
export { type MnistOptions, mnist } from './mnist.js';
export { splitStratified, subset } from './split.js';
