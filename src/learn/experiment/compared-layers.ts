import type { Id, Layer, Network } from '../../network/index.js';

/** What a loss calls logits: the output, or what a final softmax reads. */
export function logitsOf(network: Network): Id {
  const last = network.byId.get(network.output)!;
  return last.kind === 'softmax' ? last.inputs[0]! : last.id;
}

/** What the last dense layer reads: one number a filter of the last convolution, pooled. */
export function featuresOf(network: Network): Id {
  return network.byId.get(logitsOf(network))!.inputs[0]!;
}

/** Maps of two networks that attention transfer compares: of each size that both have, the last one that is activated or summed. */
export function attentionMaps(
  student: Network,
  teacher: Network,
): readonly { readonly student: Id; readonly teacher: Id }[] {
  const [ofStudent, ofTeacher] = [lastMaps(student), lastMaps(teacher)];
  return [...ofStudent].flatMap(([size, layer]) => {
    const other = ofTeacher.get(size);
    return other === undefined ? [] : [{ student: layer, teacher: other }];
  });
}

function lastMaps(network: Network): ReadonlyMap<string, Id> {
  const maps = new Map<string, Id>();
  for (const layer of network.layers) {
    const [height, width] = network.shapes.get(layer.id)!;
    if (isMap(layer) && height * width > 1) maps.set(`${height}x${width}`, layer.id);
  }
  return maps;
}

function isMap({ kind }: Layer): boolean {
  return kind === 'activation' || kind === 'add';
}
