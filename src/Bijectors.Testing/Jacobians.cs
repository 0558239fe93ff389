namespace Bijectors.Testing;

/// <summary>
/// Jacobians by automatic differentiation, one backward pass per output entry: an oracle, not a tool for training.
/// </summary>
public static class Jacobians
{
    // More at once need memory and gain nothing.
    private const long MostPoints = 1024;

    /// <summary>
    /// The Jacobian of a map at each point of a batch, <c>J[b, i, j] = dy[b, i] / dx[b, j]</c>, events flattened.
    /// </summary>
    /// <param name="map">The map; it must treat the points of a batch independently of one another.</param>
    /// <param name="points">Where, <c>(batch..., event...)</c>.</param>
    /// <param name="eventRank">How many last dimensions of a point are one event.</param>
    /// <param name="outputEventRank">How many last dimensions of what comes out are one event; by default
    /// the same.</param>
    /// <returns>A fresh tensor <c>(B, D out, D in)</c>, where B counts the points. Zero where the result does not
    /// depend on the point as far as automatic differentiation can tell.</returns>
    public static Tensor Of(Func<Tensor, Tensor> map, Tensor points, int eventRank, int? outputEventRank = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(points);
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var x = points.detach().clone().requires_grad_();
        var y = map(x);
        var count = x.shape.SkipLast(eventRank).Aggregate(1L, (product, size) => product * size);
        var flat = y.reshape(count, -1);
        var sizeIn = x.numel() / count;
        var rows = new Tensor[flat.shape[1]];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = Gradient(flat.select(1, i).sum(), x).reshape(count, sizeIn);
        }

        return stack(rows, 1).MoveToOuterDisposeScope();
    }

    /// <summary>The Jacobian of a map at each point of a batch.</summary>
    /// <inheritdoc cref="At"/>
    /// <returns>A fresh tensor <c>(B, rows, D in)</c>.</returns>
    internal static Tensor Of(Func<Tensor, Tensor?, Tensor> map, Tensor points, Tensor? beside, long rows)
    {
        using var scope = NewDisposeScope();
        return At(map, points, beside, rows, ofBeside: false).ByPoint.MoveToOuterDisposeScope();
    }

    /// <summary>What a bijective map gives at each point of a batch, and its Jacobians.</summary>
    /// <remarks>Every point goes in once for each entry, so that one backward pass gives many rows.</remarks>
    /// <param name="map">The map of points and what goes with each, such as its context.</param>
    /// <param name="points">Where, <c>(B, event...)</c>.</param>
    /// <param name="beside">What goes with each point, <c>(B, ...)</c>.</param>
    /// <param name="rows">How many entries come out.</param>
    /// <param name="ofBeside">Whether the Jacobian by what goes with the points is asked for, too.</param>
    /// <returns>Fresh tensors: what comes out, the Jacobian by the point, <c>(B, rows, D in)</c>, and by what goes
    /// with it.</returns>
    internal static (Tensor Value, Tensor ByPoint, Tensor? ByBeside) At(
        Func<Tensor, Tensor?, Tensor> map, Tensor points, Tensor? beside, long rows, bool ofBeside = true)
    {
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var count = points.shape[0];
        var once = Math.Max(1, MostPoints / count);
        var (byPoint, byBeside) = (new List<Tensor>(), new List<Tensor>());
        Tensor? value = null;
        for (var first = 0L; first < rows; first += once)
        {
            var copies = Math.Min(once, rows - first);
            var x = Copied(points.detach(), copies).requires_grad_();
            var with = beside is null ? null : Copied(beside.detach(), copies).requires_grad_(ofBeside);
            var y = map(x, with);
            value ??= y.detach().narrow(0, 0, count).clone();
            var picked = y.reshape(copies, count, rows).diagonal(first, 0, 2).sum();
            var gradients = Gradients(picked, ofBeside && with is not null ? [x, with] : [x]);
            byPoint.Add((gradients[0] ?? zeros_like(x)).reshape(copies, count, -1));
            if (gradients.Length > 1)
            {
                byBeside.Add((gradients[1] ?? zeros_like(with!)).reshape(copies, count, -1));
            }
        }

        return (value!.MoveToOuterDisposeScope(), Rows(byPoint), byBeside.Count == 0 ? null : Rows(byBeside));

        static Tensor Rows(List<Tensor> parts) => cat(parts, 0).transpose(0, 1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// <c>log|det T(y)^T J T(x)|</c> of each matrix, in nats, between orthonormal bases of two sets: the log-det in the
    /// measure of their surfaces, see <see cref="Domain.Tangents"/>. Of open sets it is that of J.
    /// </summary>
    /// <param name="jacobian">Matrices <c>(B, D out, D in)</c>.</param>
    /// <param name="from">The set that the points lie in.</param>
    /// <param name="x">The points, <c>(B, event...)</c>.</param>
    /// <param name="onto">The set that comes out.</param>
    /// <param name="y">What comes out, <c>(B, output event...)</c>.</param>
    /// <returns>A fresh tensor <c>(B)</c>.</returns>
    /// <exception cref="ArgumentException">The sets have different dimensions.</exception>
    public static Tensor LogAbsDet(Tensor jacobian, Domain from, Tensor x, Domain onto, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(jacobian);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        using var scope = NewDisposeScope();
        var surface = new SurfaceJacobian((from, (int)x.dim() - 1), (onto, (int)y.dim() - 1), x, y, jacobian);
        return surface.LogAbsDet.MoveToOuterDisposeScope();
    }

    /// <summary><c>log|det J|</c> of each matrix, in nats; -inf where it is singular.</summary>
    /// <param name="jacobian">Square matrices, <c>(B, D, D)</c>.</param>
    /// <returns>A fresh tensor <c>(B)</c>.</returns>
    /// <exception cref="ArgumentException">The matrices are not square.</exception>
    public static Tensor LogAbsDet(Tensor jacobian)
    {
        ArgumentNullException.ThrowIfNull(jacobian);
        if (jacobian.dim() != 3 || jacobian.shape[1] != jacobian.shape[2])
        {
            throw new ArgumentException(
                $"Jacobians: expected square matrices (B, D, D), got ({string.Join(", ", jacobian.shape)}).");
        }

        return Determinants.LogAbs(jacobian);
    }

    /// <summary>The gradient of a scalar with respect to a leaf; zero where it does not depend on it.</summary>
    internal static Tensor Gradient(Tensor scalar, Tensor leaf) => Gradients(scalar, [leaf])[0] ?? zeros_like(leaf);

    /// <summary>The gradients of a scalar with respect to leaves; null where it does not depend on one.</summary>
    /// <remarks>By <c>backward</c>, whose errors arrive as exceptions: those of <c>autograd.grad</c> end the
    /// process.</remarks>
    internal static Tensor?[] Gradients(Tensor scalar, IReadOnlyList<Tensor> leaves)
    {
        if (!scalar.requires_grad)
        {
            return new Tensor?[leaves.Count];
        }

        BackwardPass.Run(
            () => autograd.backward([scalar], [ones_like(scalar)], retain_graph: true, inputs: [.. leaves]));
        return [.. leaves.Select(Take)];
    }

    private static Tensor Copied(Tensor x, long copies) =>
        x.repeat([copies, .. Enumerable.Repeat(1L, (int)x.dim() - 1)]);

    private static Tensor? Take(Tensor leaf)
    {
        var gradient = leaf.grad;
        leaf.grad = null;
        return gradient;
    }
}
