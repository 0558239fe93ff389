using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.RandomPrograms.Run;

/// <summary>
/// A program with one empty module for each of its elementwise steps. The laws allow four roundings a module, made for
/// bijectors of one step; so a program is allowed what a chain of its steps is allowed.
/// </summary>
internal sealed class Stepped : Bijector, IBody
{
    private readonly Bijector inner;
    private readonly ModuleList<nn.Module> steps;

    public Stepped(Bijector inner, int count)
    {
        this.inner = inner;
        steps = new([.. Enumerable.Range(0, 2 * (count + 2)).Select(_ => (nn.Module)nn.Identity())]);
        RegisterComponents();
    }

    public override int EventRank => inner.EventRank;

    public override int OutputEventRank => inner.OutputEventRank;

    public override Domain Domain => inner.Domain;

    public override Domain Codomain => inner.Codomain;

    public override bool IsVolumePreserving => inner.IsVolumePreserving;

    public override bool HasConstantJacobian => inner.HasConstantJacobian;

    public Tensor Body(Tensor x, Tensor? context) => ((IBody)inner).Body(x, context);

    public override string ToString() => inner.ToString();

    protected override Shape OutputShapeCore(Shape input) => inner.OutputShape(input);

    protected override Shape InputShapeCore(Shape output) => inner.InputShape(output);

    protected override Tensor ForwardCore(Tensor x, Tensor? context) => Nested.Forward(inner, x, context);

    protected override Tensor InverseCore(Tensor y, Tensor? context) => Nested.Inverse(inner, y, context);

    protected override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(Tensor x, Tensor? context, int eventRank) =>
        Nested.ForwardWithLogDet(inner, x, context, eventRank);

    protected override (Tensor X, Tensor LogDet) InverseWithLogDetCore(Tensor y, Tensor? context, int eventRank) =>
        Nested.InverseWithLogDet(inner, y, context, eventRank);
}
