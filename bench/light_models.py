"""Writes the light models of the Python package onnx with random weights, and what ONNX Runtime gives for them.

The models ship with constants in the place of weights (every number 0.02); here each is drawn: kernels of He scale, scales and
variances of normalisations between 0.5 and 1.5. Beside each model stand two inputs (NHWC) and outputs as float32, and a count
of its parameters and multiply-adds that knows nothing of nonn: from the sizes that ONNX Runtime gives every tensor.

    python light_models.py FOLDER [NAME ...]
"""

import json
import os
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

LIGHT = os.path.join(os.path.dirname(onnx.__file__), "backend", "test", "data", "light")
# A message of protobuf has at most 2 GiB, and the graph for counting has every tensor for its output.
LARGEST_COUNTED = 400e6


def draw(model):
    rng = np.random.default_rng(7)
    graph = model.graph
    sizes = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    norms = [node for node in graph.node if node.op_type == "BatchNormalization"]
    positive = {node.input[index] for node in norms for index in (1, 4)}
    # Inception V2 and DenseNet scale their normalised maps in an operator of its own.
    factors = {node.input[1] for node in graph.node if node.op_type == "Mul"}
    positive |= {node.input[0] for node in graph.node if node.output[0] in factors}
    kept = []
    for node in graph.node:
        if node.op_type != "ConstantOfShape":
            kept.append(node)
            continue
        shape = [int(size) for size in sizes[node.input[0]]]
        name = node.output[0]
        if name in positive:
            values = rng.uniform(0.5, 1.5, shape)
        elif len(shape) >= 2:
            values = rng.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape)
        else:
            values = rng.normal(0, 0.1, shape)
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float32), name))
    del graph.node[:]
    graph.node.extend(kept)
    # Softmax over random logits saturates: without it outputs differ where networks do.
    if graph.node[-1].op_type == "Softmax":
        graph.output[0].name = graph.node[-1].input[0]
        del graph.node[-1]


def count(model, feed, options):
    counted = onnx.ModelProto()
    counted.CopyFrom(model)
    outputs = {output.name for output in counted.graph.output}
    for node in model.graph.node:
        if node.output[0] not in outputs:
            counted.graph.output.append(onnx.helper.make_empty_tensor_value_info(node.output[0]))
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(counted.SerializeToString(), options)
    names = [output.name for output in counted.graph.output]
    sizes = dict(zip(names, [value.shape for value in session.run(None, feed)]))
    sizes.update({tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer})
    parameters = trainable = macs = 0
    for node in model.graph.node:
        learned = [int(np.prod(sizes[name])) for name in node.input[1:]]
        if node.op_type in ("Conv", "Gemm"):
            parameters += sum(learned)
            trainable += sum(learned)
            kernel = sizes[node.input[1]]
            spread = np.prod(sizes[node.output[0]]) * np.prod(kernel[1:])
            macs += int(spread if node.op_type == "Conv" else np.prod(kernel))
        if node.op_type == "BatchNormalization":
            parameters += sum(learned)
            trainable += sum(learned[:2])
    return {"parameters": parameters, "trainableParameters": trainable, "macs": macs}


def main(folder, names):
    os.makedirs(folder, exist_ok=True)
    written = []
    for file in sorted(os.listdir(LIGHT)):
        name = file.removeprefix("light_").removesuffix(".onnx")
        if not file.endswith(".onnx") or (names and name not in names):
            continue
        model = onnx.load(os.path.join(LIGHT, file))
        draw(model)
        path = os.path.join(folder, name + ".onnx")
        onnx.save(model, path)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(path, options)
        source = session.get_inputs()[0]
        for index in range(2):
            values = np.random.default_rng(index).uniform(-1, 1, source.shape).astype(np.float32)
            values.transpose(0, 2, 3, 1).tofile(f"{path}.input{index}")
            session.run(None, {source.name: values})[0].astype(np.float32).tofile(f"{path}.output{index}")
        large = os.path.getsize(path) > LARGEST_COUNTED
        counts = None if large else count(model, {source.name: values}, onnxruntime.SessionOptions())
        written.append({"name": name, "path": path, "counts": counts})
    versions = {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__}
    print(json.dumps({"versions": versions, "models": written}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
