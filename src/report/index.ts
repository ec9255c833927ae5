export { accountCsv, accountMarkdown, accountText } from './account-table.js';
export { type ChromeTrace, chromeTrace, type TraceEvent } from './chrome-trace.js';
export { type ColumnUnit, columnUnit, inUnit, percent } from './column-unit.js';
export {
  type DesignColumn,
  type DesignLine,
  type DesignTable,
  type DesignTableOptions,
  designTable,
} from './design-table.js';
export { type Palette, plain } from './palette.js';
export { renderSvg, writePlots } from './plot.js';
export { accuracyPlot } from './plot-accuracy.js';
export { type FilterGraph, filterNetworkPlot } from './plot-filter-network.js';
export { frontPlot } from './plot-front.js';
export type { PlotData } from './plot-spec.js';
export { speedupPlot } from './plot-speedup.js';
export { trainedPlot } from './plot-trained.js';
export { type Statements, statementsOf, type TableSetting } from './statements.js';
export { type ScenarioRows, tableCsv } from './table-csv.js';
export { tableMarkdown } from './table-markdown.js';
export { tableText } from './table-text.js';
export { pad, type TextColumn, textColumns } from './text-columns.js';
