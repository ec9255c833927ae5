import { randomStream } from '../dist/foundation/index.js';

/**
 * Networks drawn at random from the families that networks for small devices come from, as tfjs layers models without
 * weights: widths, depths, resolutions and details are drawn, the plan of each family is its paper's.
 * @returns `{ name, family, model }` with the text's object of a `model.json`.
 */
export function randomNetwork(family, seed) {
  const draw = randomStream(seed, `bench/networks/${family}`);
  const model = new Model(`${family}-${seed}`);
  families[family](model, draw);
  return { name: model.name, family, model: model.json() };
}

export const familyNames = ['vgg', 'resnet', 'mobilenet-v1', 'mobilenet-v2', 'squeezenet', 'keywords'];

const families = {
  /** Simonyan, Zisserman, 2015: 3x3 convolutions, halved by pooling, dense layers at the end. */
  vgg(m, draw) {
    let x = image(m, draw, [32, 96]);
    const width = even(draw, 8, 40, 4);
    const norm = draw.uniform() < 0.6;
    const stages = 3 + draw.integer(3);
    for (let stage = 0; stage < stages; stage++) {
      const filters = Math.min(width * 2 ** Math.min(stage, 3), 256);
      for (let count = 1 + draw.integer(3); count > 0; count--)
        x = m.block(x, { filters, kernel: 3, norm, activation: 'relu' });
      x = m.add('MaxPooling2D', { pool_size: [2, 2], strides: [2, 2], padding: 'valid' }, [x]);
    }
    if (draw.uniform() < 0.5) x = m.add('Flatten', {}, [x]);
    else x = m.add('GlobalAveragePooling2D', {}, [x]);
    for (let count = draw.integer(3); count > 0; count--)
      x = m.dense(x, pick(draw, [64, 100, 128, 256, 512]), 'relu');
    m.dense(x, classes(draw), 'softmax');
  },
  /** He et al., 2016, in the form for small images: three or four stages of basic blocks. */
  resnet(m, draw) {
    const x0 = image(m, draw, [32, 96]);
    const width = even(draw, 8, 48, 4);
    let x = m.block(x0, {
      filters: width,
      kernel: pick(draw, [3, 3, 5, 7]),
      stride: pick(draw, [1, 2]),
      norm: true,
      activation: 'relu',
    });
    const stages = 3 + draw.integer(2);
    const blocks = 1 + draw.integer(3);
    const bottleneck = draw.uniform() < 0.25;
    for (let stage = 0; stage < stages; stage++)
      for (let block = 0; block < blocks; block++) {
        const filters = width * 2 ** stage;
        const stride = stage > 0 && block === 0 ? 2 : 1;
        let y = x;
        if (bottleneck) {
          y = m.block(y, { filters: Math.max(4, filters / 4), kernel: 1, norm: true, activation: 'relu' });
          y = m.block(y, {
            filters: Math.max(4, filters / 4),
            kernel: 3,
            stride,
            norm: true,
            activation: 'relu',
          });
          y = m.block(y, { filters, kernel: 1, norm: true });
        } else {
          y = m.block(y, { filters, kernel: 3, stride, norm: true, activation: 'relu' });
          y = m.block(y, { filters, kernel: 3, norm: true });
        }
        const changes = stride > 1 || m.channels(x) !== filters;
        const shortcut = changes ? m.block(x, { filters, kernel: 1, stride, norm: true }) : x;
        x = m.activate(m.add('Add', {}, [y, shortcut]), 'relu');
      }
    x = m.add('GlobalAveragePooling2D', {}, [x]);
    m.dense(x, classes(draw), 'softmax');
  },
  /** Howard et al., 2017: depthwise, then 1x1. */
  'mobilenet-v1'(m, draw) {
    let x = image(m, draw, [32, 96]);
    const width = pick(draw, [0.25, 0.35, 0.5, 0.75, 1]);
    const scaled = (filters) => Math.max(8, 8 * Math.round((filters * width) / 8));
    const activation = pick(draw, ['relu6', 'relu']);
    x = m.block(x, { filters: scaled(32), kernel: 3, stride: pick(draw, [1, 2]), norm: true, activation });
    const plan = [
      [64, 1],
      [128, 2],
      [128, 1],
      [256, 2],
      [256, 1],
      [512, 2],
    ];
    for (let count = draw.integer(6); count > 0; count--) plan.push([512, 1]);
    if (draw.uniform() < 0.7) plan.push([1024, 2], [1024, 1]);
    for (const [filters, stride] of plan) {
      x = m.depthwise(x, { kernel: 3, stride, activation });
      x = m.block(x, { filters: scaled(filters), kernel: 1, norm: true, activation });
    }
    x = m.add('GlobalAveragePooling2D', {}, [x]);
    m.dense(x, classes(draw), 'softmax');
  },
  /** Sandler et al., 2018: expanded, depthwise, projected, added. */
  'mobilenet-v2'(m, draw) {
    let x = image(m, draw, [32, 96]);
    const width = pick(draw, [0.35, 0.5, 0.75, 1]);
    const scaled = (filters) => Math.max(8, 8 * Math.round((filters * width) / 8));
    x = m.block(x, {
      filters: scaled(32),
      kernel: 3,
      stride: pick(draw, [1, 2]),
      norm: true,
      activation: 'relu6',
    });
    const expansion = pick(draw, [3, 4, 6]);
    const plan = [
      [1, 16, 1, 1],
      [expansion, 24, 1 + draw.integer(2), 2],
      [expansion, 32, 1 + draw.integer(3), 2],
      [expansion, 64, 1 + draw.integer(4), 2],
      [expansion, 96, 1 + draw.integer(3), 1],
    ];
    if (draw.uniform() < 0.6) plan.push([expansion, 160, 1 + draw.integer(3), 2]);
    for (const [expand, filters, count, first] of plan)
      for (let block = 0; block < count; block++) {
        const stride = block === 0 ? first : 1;
        let y = x;
        if (expand > 1)
          y = m.block(y, { filters: m.channels(x) * expand, kernel: 1, norm: true, activation: 'relu6' });
        y = m.depthwise(y, { kernel: 3, stride, activation: 'relu6' });
        y = m.block(y, { filters: scaled(filters), kernel: 1, norm: true });
        x = stride === 1 && m.channels(x) === scaled(filters) ? m.add('Add', {}, [x, y]) : y;
      }
    x = m.block(x, {
      filters: scaled(pick(draw, [320, 640, 1280])),
      kernel: 1,
      norm: true,
      activation: 'relu6',
    });
    x = m.add('GlobalAveragePooling2D', {}, [x]);
    m.dense(x, classes(draw), 'softmax');
  },
  /** Iandola et al., 2016: squeeze by 1x1, expand by 1x1 and 3x3 side by side. */
  squeezenet(m, draw) {
    let x = image(m, draw, [32, 96]);
    const base = even(draw, 16, 64, 8);
    const squeeze = pick(draw, [0.125, 0.25]);
    x = m.block(x, { filters: base, kernel: 3, stride: pick(draw, [1, 2]), activation: 'relu' });
    x = m.add('MaxPooling2D', { pool_size: [3, 3], strides: [2, 2], padding: 'same' }, [x]);
    const modules = 4 + draw.integer(5);
    for (let index = 0; index < modules; index++) {
      const expand = base * (1 + Math.floor(index / 2));
      const s = m.block(x, {
        filters: Math.max(4, 4 * Math.round((2 * expand * squeeze) / 4)),
        kernel: 1,
        activation: 'relu',
      });
      const a = m.block(s, { filters: expand, kernel: 1, activation: 'relu' });
      const b = m.block(s, { filters: expand, kernel: 3, activation: 'relu' });
      x = m.add('Concatenate', { axis: -1 }, [a, b]);
      if (index % 3 === 1 && m.shape(x)[0] > 3)
        x = m.add('MaxPooling2D', { pool_size: [3, 3], strides: [2, 2], padding: 'same' }, [x]);
    }
    x = m.block(x, { filters: classes(draw), kernel: 1, activation: 'relu' });
    x = m.add('GlobalAveragePooling2D', {}, [x]);
    m.add('Activation', { activation: 'softmax' }, [x]);
  },
  /** Zhang et al., "Hello Edge", 2017: plain and depthwise-separable networks on spectrograms. */
  keywords(m, draw) {
    let x = m.input([40 + draw.integer(61), pick(draw, [10, 10, 13, 20, 40]), 1]);
    const width = even(draw, 32, 276, 4);
    if (draw.uniform() < 0.65) {
      x = m.block(x, {
        filters: width,
        kernel: [10, 4],
        stride: pick(draw, [
          [2, 2],
          [2, 1],
        ]),
        norm: true,
        activation: 'relu',
      });
      for (let count = 3 + draw.integer(4); count > 0; count--) {
        x = m.depthwise(x, { kernel: 3, stride: 1, activation: 'relu' });
        x = m.block(x, { filters: width, kernel: 1, norm: true, activation: 'relu' });
      }
      x = m.add('GlobalAveragePooling2D', {}, [x]);
    } else {
      x = m.block(x, { filters: Math.max(28, Math.round(width / 3)), kernel: [10, 4], activation: 'relu' });
      x = m.block(x, {
        filters: Math.max(30, Math.round(width / 3)),
        kernel: [10, 4],
        stride: [2, 1],
        activation: 'relu',
      });
      x = m.add('Flatten', {}, [x]);
      x = m.dense(x, pick(draw, [16, 58, 128]), 'relu');
      x = m.dense(x, 128, 'relu');
    }
    m.dense(x, 12, 'softmax');
  },
};

const image = (m, draw, [from, to]) => {
  const size = pick(
    draw,
    [32, 32, 40, 48, 56, 64, 64, 72, 80, 96].filter((side) => side >= from && side <= to),
  );
  return m.input([size, size, 3]);
};
const classes = (draw) => pick(draw, [2, 10, 10, 12, 20, 43, 100]);
const pick = (draw, values) => values[draw.integer(values.length)];
const even = (draw, from, to, step) => step * Math.round((from * (to / from) ** draw.uniform()) / step);

/** A functional Keras model, layer by layer, with the shapes that its plan needs to know. */
class Model {
  #layers = [];
  #shapes = new Map();
  constructor(name) {
    this.name = name;
  }
  shape(x) {
    return this.#shapes.get(x);
  }
  channels(x) {
    return this.shape(x).at(-1);
  }
  input(shape) {
    const name = 'input';
    this.#layers.push({
      class_name: 'InputLayer',
      name,
      config: { name, batch_input_shape: [null, ...shape], dtype: 'float32', sparse: false },
      inbound_nodes: [],
    });
    this.#shapes.set(name, shape);
    return name;
  }
  add(kind, config, inputs) {
    const name = `${kind.toLowerCase()}_${this.#layers.length}`;
    this.#layers.push({
      class_name: kind,
      name,
      config: { name, trainable: true, dtype: 'float32', ...config },
      inbound_nodes: [inputs.map((input) => [input, 0, 0, {}])],
    });
    this.#shapes.set(
      name,
      shapeAfter(
        kind,
        config,
        inputs.map((input) => this.shape(input)),
      ),
    );
    return name;
  }
  activate(x, activation) {
    if (activation === 'relu6') return this.add('ReLU', { max_value: 6 }, [x]);
    return this.add('Activation', { activation }, [x]);
  }
  block(x, { filters, kernel, stride = 1, norm = false, activation }) {
    const config = {
      filters,
      kernel_size: pair(kernel),
      strides: pair(stride),
      padding: 'same',
      use_bias: !norm,
    };
    const y = this.add(
      'Conv2D',
      { ...config, activation: 'linear', dilation_rate: [1, 1], data_format: 'channels_last' },
      [x],
    );
    return this.#finished(y, norm, activation);
  }
  depthwise(x, { kernel, stride, activation }) {
    const config = {
      kernel_size: pair(kernel),
      strides: pair(stride),
      padding: 'same',
      depth_multiplier: 1,
      use_bias: false,
    };
    const y = this.add(
      'DepthwiseConv2D',
      { ...config, activation: 'linear', dilation_rate: [1, 1], data_format: 'channels_last' },
      [x],
    );
    return this.#finished(y, true, activation);
  }
  dense(x, units, activation) {
    return this.add('Dense', { units, activation, use_bias: true }, [x]);
  }
  #finished(x, norm, activation) {
    const y = norm
      ? this.add('BatchNormalization', { axis: -1, epsilon: 1e-3, scale: true, center: true }, [x])
      : x;
    return activation === undefined ? y : this.activate(y, activation);
  }
  json() {
    const last = this.#layers.at(-1).name;
    const config = {
      name: this.name,
      layers: this.#layers,
      input_layers: [['input', 0, 0]],
      output_layers: [[last, 0, 0]],
    };
    return {
      format: 'layers-model',
      generatedBy: 'nonn bench',
      convertedBy: null,
      modelTopology: { class_name: 'Functional', config, keras_version: '2.4.0', backend: 'tensorflow' },
      weightsManifest: [],
    };
  }
}

const pair = (value) => (Array.isArray(value) ? value : [value, value]);

function shapeAfter(kind, config, [first, ...others]) {
  const [height, width, channels] = first;
  const same = (stride) => [Math.ceil(height / stride[0]), Math.ceil(width / stride[1])];
  switch (kind) {
    case 'Conv2D':
      return [...same(config.strides), config.filters];
    case 'DepthwiseConv2D':
      return [...same(config.strides), channels];
    case 'MaxPooling2D':
      return config.padding === 'same'
        ? [...same(config.strides), channels]
        : [Math.floor(height / 2), Math.floor(width / 2), channels];
    case 'Concatenate':
      return [height, width, channels + others.reduce((sum, shape) => sum + shape.at(-1), 0)];
    case 'GlobalAveragePooling2D':
      return [channels];
    case 'Flatten':
      return [height * width * channels];
    case 'Dense':
      return [config.units];
    default:
      return first;
  }
}
