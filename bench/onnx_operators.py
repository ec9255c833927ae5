"""Writes small ONNX models of one or a few operators each, drawn at random, and what ONNX Runtime gives for them.

Beside each model stand its input and output as float32: of four axes with the channels last, of others as the file has them
(but an input that a convolution reads along its last axis has its channels last too).

    python onnx_operators.py FOLDER [SEED]
"""

import json
import os
import sys

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper, save

SHAPE = [1, 4, 9, 11]
CONVOLUTIONAL = {"Conv", "ConvTranspose", "MaxPool", "AveragePool", "BatchNormalization"}


def cases(rng):
    def numbers(*shape):
        return rng.normal(0, 0.5, shape).astype(np.float32)

    def whole(*values):
        return np.array(values, np.int64)

    for index in range(40):
        groups, filters = int(rng.choice([1, 2, 4])), int(rng.choice([4, 8]))
        strides = rng.integers(1, 3, 2).tolist()
        settings = {"group": groups, "strides": strides}
        if rng.random() < 0.3:
            settings["auto_pad"] = str(rng.choice(["SAME_UPPER", "SAME_LOWER", "VALID"]))
        else:
            settings["pads"] = rng.integers(0, 3, 4).tolist()
            settings["dilations"] = [1, 1] if max(strides) > 1 else rng.integers(1, 3, 2).tolist()
        constants = {"w": numbers(filters, 4 // groups, *rng.integers(1, 4, 2)), "b": numbers(filters)}
        yield f"convolution {index}", [("Conv", "x w b", settings)], SHAPE, constants, 17
    for index in range(15):
        strides = rng.integers(1, 4, 2).tolist()
        settings = {
            "group": int(rng.choice([1, 2])),
            "strides": strides,
            "output_padding": [int(rng.integers(0, stride)) for stride in strides],
            "pads": rng.integers(0, 2, 4).tolist(),
        }
        constants = {"w": numbers(4, 3, *rng.integers(2, 5, 2))}
        yield f"transposed convolution {index}", [("ConvTranspose", "x w", settings)], SHAPE, constants, 17
    for index in range(30):
        kernel = rng.integers(1, 4, 2).tolist()
        settings = {"kernel_shape": kernel, "strides": rng.integers(1, 4, 2).tolist()}
        settings["pads"] = [int(rng.integers(0, kernel[axis % 2])) for axis in range(4)]
        kind = str(rng.choice(["MaxPool", "AveragePool"]))
        if rng.random() < 0.5:
            settings["ceil_mode"] = 1
        elif kind == "AveragePool" and rng.random() < 0.6:
            settings["count_include_pad"] = 1
        yield f"pool {index}", [(kind, "x", settings)], SHAPE, {}, 17
    for name in "Relu Sigmoid Tanh Softplus Softsign HardSwish Mish Exp Abs Neg Erf Selu Elu LeakyRelu HardSigmoid".split():
        yield name, [(name, "x", {})], SHAPE, {}, 18
    for axis in (1, 2, 3):
        for opset in (11, 17):
            yield f"Softmax {axis} {opset}", [("Softmax", "x", {"axis": axis})], SHAPE, {}, opset
        parts = {"s": whole(1, SHAPE[axis] - 1)}
        yield f"Split {axis}", [("Split", "x s", {"axis": axis}, "a y")], SHAPE, parts, 17
        yield f"Concat {axis}", [("Relu", "x", {}, "r"), ("Concat", "x r x", {"axis": axis})], SHAPE, {}, 17
    for name in ("Add", "Sub", "Mul", "Div"):
        for shape in ((), (1,), (4, 1, 1), (1, 4, 1, 1), (11,), (9, 1), (4, 9, 11)):
            constants = {"c": np.abs(numbers(*shape)) + np.float32(0.5)}
            yield f"{name} {shape}", [(name, "x c", {})], SHAPE, constants, 17
    for axes in ([2, 3], [1], [-1], [1, 2, 3], [2]):
        for keep in (0, 1):
            for name in ("ReduceMean", "ReduceMax"):
                yield f"{name} {axes} {keep}", [(name, "x", {"axes": axes, "keepdims": keep})], SHAPE, {}, 17
    for shape in ([1, -1], [0, 4, 99], [1, 36, 11], [1, 2, 2, 99], [1, 9, 11, 4], [0, 0, -1], [1, 6, 66, 1]):
        yield f"Reshape {shape}", [("Reshape", "x s", {})], SHAPE, {"s": whole(*shape)}, 17
    for order in ([0, 1, 3, 2], [0, 3, 2, 1], [0, 2, 1, 3]):
        nodes = [("Transpose", "x", {"perm": order}, "t"), ("Relu", "t", {})]
        yield f"Transpose {order}", nodes, SHAPE, {}, 17
    for mode in ("nearest", "linear"):
        for place in ("half_pixel", "asymmetric", "align_corners"):
            for scale in ((2, 2), (3, 1)):
                settings = {"mode": mode, "coordinate_transformation_mode": place}
                settings["nearest_mode"] = "floor" if place == "asymmetric" else "round_prefer_floor"
                constants = {"": np.zeros(0), "s": np.array([1, 1, *scale], np.float32)}
                yield f"Resize {mode} {place} {scale}", [("Resize", "x . s", settings)], SHAPE, constants, 17
    shuffle = [("Reshape", "x a", {}, "b"), ("Transpose", "b", {"perm": [0, 1, 4, 2, 5, 3]}, "c"), ("Reshape", "c d", {})]
    yield "pixel shuffle", shuffle, [1, 12, 5, 7], {"a": whole(1, 3, 2, 2, 5, 7), "d": whole(1, 3, 10, 14)}, 17
    for mode in ("DCR", "CRD"):
        yield f"DepthToSpace {mode}", [("DepthToSpace", "x", {"blocksize": 2, "mode": mode})], [1, 12, 5, 7], {}, 17
    yield "SpaceToDepth", [("SpaceToDepth", "x", {"blocksize": 2})], [1, 3, 6, 8], {}, 17
    yield "LRN", [("LRN", "x", {"size": 5, "alpha": 0.1, "beta": 0.6, "bias": 2.0})], SHAPE, {}, 17
    pads = {"p": whole(0, 1, 2, 0, 0, 2, 1, 3), "v": np.float32(-1)}
    yield "Pad", [("Pad", "x p v", {})], SHAPE, pads, 17
    product = {"w": numbers(6, 396), "b": numbers(6)}
    yield "Gemm", [("Flatten", "x", {}, "f"), ("Gemm", "f w b", {"alpha": 0.5, "transB": 1})], SHAPE, product, 17
    sequence = [("Conv", "x w b", {"pads": [1, 1], "strides": [2]}, "c"), ("GlobalAveragePool", "c", {})]
    yield "sequence", sequence, [1, 3, 17], {"w": numbers(5, 3, 3), "b": numbers(5)}, 17


def main(folder, seed):
    os.makedirs(folder, exist_ok=True)
    rng = np.random.default_rng(seed)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    written = []
    for index, (name, nodes, shape, constants, opset) in enumerate(cases(rng)):
        made = []
        for operator, inputs, settings, *outputs in nodes:
            names = ["" if one == "." else one for one in inputs.split()]
            made.append(helper.make_node(operator, names, outputs[0].split() if outputs else ["y"], **settings))
        graph = helper.make_graph(
            made,
            "operators",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
            [helper.make_empty_tensor_value_info("y")],
            [numpy_helper.from_array(np.asarray(value), key) for key, value in constants.items() if key],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
        values = rng.uniform(-2, 2, shape).astype(np.float32)
        try:
            session = onnxruntime.InferenceSession(model.SerializeToString(), options)
            output = session.run(None, {"x": values})[0].astype(np.float32)
        except Exception:
            continue  # What ONNX Runtime itself refuses is no case.
        path = os.path.join(folder, f"{index}.onnx")
        save(model, path)
        if values.ndim == 4:
            values = values.transpose(0, 2, 3, 1)
        elif any(node.op_type in CONVOLUTIONAL for node in made):
            values = values.transpose(0, 2, 1)
        values.tofile(path + ".input")
        (output.transpose(0, 2, 3, 1) if output.ndim == 4 else output).tofile(path + ".output")
        written.append({"name": name, "path": path})
    print(json.dumps({"cases": written}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
