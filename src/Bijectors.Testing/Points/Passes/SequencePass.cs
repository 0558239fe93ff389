namespace Bijectors.Testing;

/// <summary>Passes one after another.</summary>
internal sealed class SequencePass : Pass
{
    private readonly List<Pass> _passes = [];

    public SequencePass(LawContext lawContext, IReadOnlyList<Stage> stages, Shape shape, Tensor x, Tensor? context)
    {
        Y = x;
        foreach (var stage in stages)
        {
            _passes.Add(Of(lawContext, stage, shape, Y, context));
            Y = _passes[^1].Y;
            shape = stage.OutputShape(shape);
        }
    }

    public override Tensor Y { get; }

    public override Tensor There(Tensor error) => _passes.Aggregate(error, (carried, pass) => pass.There(carried));

    public override Tensor Back(Tensor error) =>
        Enumerable.Reverse(_passes).Aggregate(error, (carried, pass) => pass.Back(carried));

    public override Tensor OfLogDet(Tensor error)
    {
        var total = zeros(error.shape[0], error.dtype);
        foreach (var pass in _passes)
        {
            total += pass.OfLogDet(error);
            error = pass.There(error);
        }

        return total;
    }
}
