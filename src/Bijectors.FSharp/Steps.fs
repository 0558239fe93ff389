namespace Bijectors.FSharp

open System
open System.Collections.Generic
open Bijectors

/// The steps of a declaration as functions of the builder, to be composed by `>>`: each is the method of `FlowBuilder`
/// of the same name, with its arguments. What they do, their shapes and errors stand there. `append` is `Then`.
[<AbstractClass; Sealed>]
type Steps =
    /// Ends a declaration in a base, or in one that is made for the shape so far.
    static member into(b: Distribution) : FlowBuilder -> Flow = _.Into(b)

    static member into(b: Func<Shape, Distribution>) : FlowBuilder -> Flow = _.Into(b)

    static member into(b: Func<FlowBuilder, Distribution>) : FlowBuilder -> Flow = _.Into(b)

    static member intoDiagonalNormal() : FlowBuilder -> Flow = _.IntoDiagonalNormal()

    static member repeat (count: int) (layer: FlowBuilder -> FlowBuilder) : FlowBuilder -> FlowBuilder =
        _.Repeat(count, layer)

    /// `repeat` whose steps are told which repetition they are, from 0.
    static member repeati (count: int) (layer: int -> FlowBuilder -> FlowBuilder) : FlowBuilder -> FlowBuilder =
        _.Repeat(count, (fun builder i -> layer i builder))

    static member mix (axis: Axis) (vectors: FlowBuilder -> FlowBuilder) : FlowBuilder -> FlowBuilder =
        _.Mix(axis, vectors)

    static member sharing (embeddingSize: int) (steps: FlowBuilder -> FlowBuilder) : FlowBuilder -> FlowBuilder =
        _.Sharing(embeddingSize, steps)

    static member actNorm(?axis: Axis, ?floor: float) : FlowBuilder -> FlowBuilder =
        _.ActNorm(?axis = axis, ?floor = floor)

    static member actNormElements(?floor: float) : FlowBuilder -> FlowBuilder =
        _.ActNormElements(?floor = floor)

    static member additiveCoupling
        (
            network: Func<Shape, Shape, Conditioner>,
            ?partition: Partition
        ) : FlowBuilder -> FlowBuilder =
        _.AdditiveCoupling(network, ?partition = partition)

    static member additiveCoupling
        (
            hidden: int,
            ?blocks: int,
            ?partition: Partition,
            ?options: NetworkOptions
        ) : FlowBuilder -> FlowBuilder =
        _.AdditiveCoupling(hidden, ?blocks = blocks, ?partition = partition, ?options = options)

    static member affineCoupling
        (
            network: Func<Shape, Shape, Conditioner>,
            ?partition: Partition,
            ?scale: ScaleMap
        ) : FlowBuilder -> FlowBuilder =
        _.AffineCoupling(network, ?partition = partition, ?scale = scale)

    static member affineCoupling
        (
            hidden: int,
            ?blocks: int,
            ?partition: Partition,
            ?scale: ScaleMap,
            ?options: NetworkOptions
        ) : FlowBuilder -> FlowBuilder =
        _.AffineCoupling(hidden, ?blocks = blocks, ?partition = partition, ?scale = scale, ?options = options)

    static member autoregressive
        (
            transformer: Transformer,
            graph: DirectedGraph,
            hidden: int,
            ?depth: int,
            ?solution: CausalSolution
        ) : FlowBuilder -> FlowBuilder =
        _.Autoregressive(transformer, graph, hidden, ?depth = depth, ?solution = solution)

    static member autoregressive
        (
            transformer: Transformer,
            network: Func<Shape, CausalConditioner>,
            ?solution: CausalSolution
        ) : FlowBuilder -> FlowBuilder =
        _.Autoregressive(transformer, network, ?solution = solution)

    static member autoregressive
        (
            transformer: Transformer,
            hidden: int,
            ?blocks: int,
            ?solution: CausalSolution,
            ?options: MadeOptions
        ) : FlowBuilder -> FlowBuilder =
        _.Autoregressive(transformer, hidden, ?blocks = blocks, ?solution = solution, ?options = options)

    static member conditional
        (
            contextShape: Shape,
            embedding: Func<FlowBuilder, Conditioner>
        ) : FlowBuilder -> FlowBuilder =
        _.Conditional(contextShape, embedding)

    static member conditional(contextSize: int) : FlowBuilder -> FlowBuilder =
        _.Conditional(contextSize)

    static member conv1x1() : FlowBuilder -> FlowBuilder =
        _.Conv1x1()

    static member coupling
        (
            transformer: Transformer,
            network: Func<Shape, Shape, Conditioner>,
            ?partition: Partition
        ) : FlowBuilder -> FlowBuilder =
        _.Coupling(transformer, network, ?partition = partition)

    static member coupling
        (
            transformer: Transformer,
            hidden: int,
            ?blocks: int,
            ?partition: Partition,
            ?options: NetworkOptions
        ) : FlowBuilder -> FlowBuilder =
        _.Coupling(transformer, hidden, ?blocks = blocks, ?partition = partition, ?options = options)

    static member dequantize(levels: int) : FlowBuilder -> FlowBuilder =
        _.Dequantize(levels)

    static member dequantize(levels: int, noise: Func<Shape, Distribution>) : FlowBuilder -> FlowBuilder =
        _.Dequantize(levels, noise)

    static member dequantize(levels: int, deviation: float) : FlowBuilder -> FlowBuilder =
        _.Dequantize(levels, deviation)

    static member elementwise(transformer: Transformer, ?hidden: int, ?blocks: int) : FlowBuilder -> FlowBuilder =
        _.Elementwise(transformer, ?hidden = hidden, ?blocks = blocks)

    static member emergingConvolution(?kernel: int) : FlowBuilder -> FlowBuilder =
        _.EmergingConvolution(?kernel = kernel)

    static member factorOut
        (
            rest: FlowBuilder -> FlowBuilder,
            ?hidden: int,
            ?partition: Partition
        ) : FlowBuilder -> FlowBuilder =
        _.FactorOut(rest, ?hidden = hidden, ?partition = partition)

    static member flatten() : FlowBuilder -> FlowBuilder =
        _.Flatten()

    static member glowCoupling
        (
            hidden: int,
            ?blocks: int,
            ?partition: Partition,
            ?options: NetworkOptions
        ) : FlowBuilder -> FlowBuilder =
        _.GlowCoupling(hidden, ?blocks = blocks, ?partition = partition, ?options = options)

    static member householder(reflections: int) : FlowBuilder -> FlowBuilder =
        _.Householder(reflections)

    static member linear(?axis: Axis) : FlowBuilder -> FlowBuilder =
        _.Linear(?axis = axis)

    static member logit(?alpha: float) : FlowBuilder -> FlowBuilder =
        _.Logit(?alpha = alpha)

    static member maskedAutoregressive
        (
            network: Func<Shape, CausalConditioner>,
            ?scale: ScaleMap,
            ?solution: CausalSolution
        ) : FlowBuilder -> FlowBuilder =
        _.MaskedAutoregressive(network, ?scale = scale, ?solution = solution)

    static member maskedAutoregressive
        (
            hidden: int,
            ?blocks: int,
            ?scale: ScaleMap,
            ?solution: CausalSolution,
            ?options: MadeOptions
        ) : FlowBuilder -> FlowBuilder =
        _.MaskedAutoregressive(hidden, ?blocks = blocks, ?scale = scale, ?solution = solution, ?options = options)

    static member optionallyConditional
        (
            contextShape: Shape,
            ?embedding: Func<FlowBuilder, Conditioner>
        ) : FlowBuilder -> FlowBuilder =
        _.OptionallyConditional(contextShape, ?embedding = embedding)

    static member patchify(patch: int64) : FlowBuilder -> FlowBuilder =
        _.Patchify(patch)

    static member permute(?axis: Axis) : FlowBuilder -> FlowBuilder =
        _.Permute(?axis = axis)

    static member permuteElements() : FlowBuilder -> FlowBuilder =
        _.PermuteElements()

    static member planar(?hidden: int, ?blocks: int) : FlowBuilder -> FlowBuilder =
        _.Planar(?hidden = hidden, ?blocks = blocks)

    static member radial(?hidden: int, ?blocks: int) : FlowBuilder -> FlowBuilder =
        _.Radial(?hidden = hidden, ?blocks = blocks)

    static member reshape(shape: Shape) : FlowBuilder -> FlowBuilder =
        _.Reshape(shape)

    static member residual
        (
            hidden: int,
            ?depth: int,
            ?constant: float,
            ?isDense: bool,
            ?estimator: LogDetEstimator
        ) : FlowBuilder -> FlowBuilder =
        _.Residual(hidden, ?depth = depth, ?constant = constant, ?isDense = isDense, ?estimator = estimator)

    static member reverse(?axis: Axis) : FlowBuilder -> FlowBuilder =
        _.Reverse(?axis = axis)

    static member roll(axis: Axis, shift: int64) : FlowBuilder -> FlowBuilder =
        _.Roll(axis, shift)

    static member roll(rows: int64, columns: int64) : FlowBuilder -> FlowBuilder =
        _.Roll(rows, columns)

    static member squeeze(?factor: int64) : FlowBuilder -> FlowBuilder =
        _.Squeeze(?factor = factor)

    static member impute
        (
            items: TorchSharp.torch.Tensor,
            ?columns: IReadOnlyList<int64>,
            ?hidden: int,
            ?blocks: int
        ) : FlowBuilder -> FlowBuilder =
        _.Impute(items, ?columns = columns, ?hidden = hidden, ?blocks = blocks)

    static member categories
        (
            items: TorchSharp.torch.Tensor,
            categories: IReadOnlyDictionary<int64, IReadOnlyList<string>>
        ) : FlowBuilder -> FlowBuilder =
        _.Categories(items, categories)

    static member standardize(items: TorchSharp.torch.Tensor) : FlowBuilder -> FlowBuilder = _.Standardize(items)

    static member sylvester(columns: int64, ?hidden: int, ?blocks: int) : FlowBuilder -> FlowBuilder =
        _.Sylvester(columns, ?hidden = hidden, ?blocks = blocks)

    static member append(bijector: Bijector) : FlowBuilder -> FlowBuilder =
        _.Then(bijector)

    static member append(layer: StochasticLayer) : FlowBuilder -> FlowBuilder =
        _.Then(layer)

    static member append(create: Func<FlowBuilder, Bijector>) : FlowBuilder -> FlowBuilder =
        _.Then(create)

    static member append(create: Func<FlowBuilder, StochasticLayer>) : FlowBuilder -> FlowBuilder =
        _.Then(create)

    static member triangularConvolution
        (
            ?kernel: int,
            ?corner: Corner,
            ?window: PixelWindow
        ) : FlowBuilder -> FlowBuilder =
        _.TriangularConvolution(?kernel = kernel, ?corner = corner, ?window = window)
