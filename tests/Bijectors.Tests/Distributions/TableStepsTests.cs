using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Distributions;

/// <summary>Columns of categories and missing entries, against probabilities that are known.</summary>
public sealed class TableStepsTests : Numerical.NumericalTest
{
    private static readonly double[] s_shares = [0.2, 0.5, 0.05, 0.25];

    private static readonly Shape s_row = Shape.Vector(3);

    [Theory]
    [InlineData(ScalarType.Float64, 1e-12)]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float16, 2e-2)]
    [InlineData(ScalarType.BFloat16, 2e-1)]
    public void Of_independent_columns_the_bound_is_the_share_whatever_the_noise(ScalarType dtype, double tolerance)
    {
        using var ungraded = no_grad();
        var layer = new CategoricalDequantization(s_row, [1], [s_shares]);
        var p = new LatentDistribution(layer, new StandardNormal(s_row));
        p.to(dtype);
        var x = tensor(new[,] { { 0.5, 0, -1 }, { 0.5, 1, -1 }, { 0.5, 2, -1 }, { 0.5, 3, -1 } }, dtype)
            .unsqueeze(0).expand(50, 4, 3);
        var rest = (-1.25 / 2) - Math.Log(2 * Math.PI);
        var expected = tensor(s_shares).log().expand(50, 4) + rest;

        var bound = p.LowerBound(x, generator: Generator).to(ScalarType.Float64);

        Assert.True((bound - expected).abs().max().item<double>() < tolerance);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Decoding_gives_back_every_category_and_the_other_columns(ScalarType dtype)
    {
        using var ungraded = no_grad();
        double[] rare = [0.02, 0.9, 0.02, 0.06];
        var layer = new CategoricalDequantization(s_row, [2, 0], [s_shares, rare]);
        var codes = randint(0, 4, [5000, 3], generator: Generator).to(dtype);

        var (z, _) = layer.Encode(codes, null, Generator);
        var back = layer.Decode(z, null, Generator);

        Assert.True(back.Equals(codes));
        Assert.True(z.isfinite().all().item<bool>());
        Assert.Equal(dtype, z.dtype);
        Assert.True(z.select(-1, 1).Equals(codes.select(-1, 1)));
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    public void Rare_categories_keep_their_interval_in_both_tails(ScalarType dtype)
    {
        using var ungraded = no_grad();
        var layer = new CategoricalDequantization(Shape.Vector(1), [0], [[2e-6, 0.5, 3e-6, 0.5, 2e-6]]);
        var codes = arange(5, dtype).repeat(2000).reshape(-1, 1);

        var (z, logWeight) = layer.Encode(codes, null, Generator);

        Assert.True(layer.Decode(z, null, null).Equals(codes));
        Assert.True(logWeight.isfinite().all().item<bool>());
        Assert.True((z[0, 0] < -4.5).item<bool>() && (z[4, 0] > 4.5).item<bool>());
    }

    [Fact]
    public void Gradients_pass_through_the_columns_that_pass()
    {
        var layer = new CategoricalDequantization(s_row, [1], [s_shares]);
        var x = tensor(new[,] { { 0.5, 2, -1 }, { 0.1, 0, 3 } }).requires_grad_();
        var (z, _) = layer.Encode(x, null, Generator);
        z.sum().backward();
        Assert.Equal([1.0, 0, 1, 1, 0, 1], x.grad!.data<double>().ToArray());

        // What is drawn for a missing entry depends on the network, through a step behind as well.
        var network = new ResidualMlp(4, 2, 4, 1, Generator);
        var p = new LatentDistribution(
            new Imputation(s_row, [2], [0, 0, 0], [1, 1, 1], network),
            new LatentDistribution(layer, new StandardNormal(s_row)));
        var shift = network.parameters().Last();
        using var same = new Generator(5);
        using var again = new Generator(5);
        using var row = tensor(new[,] { { 0.5f, 2, float.NaN } });
        (-p.LowerBound(row, generator: same).mean()).backward();
        var gradient = shift.grad![1].item<float>();
        using var ungraded = no_grad();
        var (filled, _) = ((LatentDistribution)p).Layer.Encode(row, null, again);
        Assert.Equal(filled[0, 2].item<float>(), gradient, 4);
    }

    [Fact]
    public void The_bound_of_columns_that_depend_on_each_other_comes_close_with_many_samples()
    {
        using var ungraded = no_grad();

        // A Gaussian copula: z2 = 0.8 z0 + 0.6 e, so that both columns are categories of correlated normals.
        var inner = new Flow(Shape.Vector(2), Correlated(), Distribution.StandardNormal);
        var p = new LatentDistribution(
            new CategoricalDequantization(Shape.Vector(2), [0, 1], [s_shares, [0.5, 0.5]]), inner);
        p.to(ScalarType.Float64);
        var rows = cartesian_prod(arange(4, ScalarType.Float64), arange(2, ScalarType.Float64));

        var many = p.LowerBound(rows, samples: 4000, generator: Generator);
        var one = p.LowerBound(rows.unsqueeze(0).expand(2000, 8, 2), generator: Generator).mean([0L]);
        var frequencies = Counts(p.Sample(40_000, generator: Generator), rows);

        Assert.InRange(many.exp().sum().item<double>(), 0.97, 1.03);
        Assert.True((one <= many + 0.02).all().item<bool>());
        Assert.True((frequencies - many.exp()).abs().max().item<double>() < 0.015);
        Assert.True((many.exp()[0] - 0.2 * 0.5).abs().item<double>() > 0.05);
    }

    [Fact]
    public void What_is_missing_is_integrated_out()
    {
        using var ungraded = no_grad();
        var p = new LatentDistribution(
            new Imputation(Shape.Vector(2), [1], [0, 0], [1, 1]),
            new Flow(Shape.Vector(2), Correlated(), Distribution.StandardNormal));
        p.to(ScalarType.Float64);
        var whole = tensor(new[,] { { 0.3, -0.4 }, { -1.2, 0.5 } });
        var partial = tensor(new[,] { { 0.3, double.NaN }, { -1.2, double.NaN } });
        var marginal = new StandardNormal(Shape.Vector(1));
        marginal.to(ScalarType.Float64);

        AssertClose(Joint(whole), p.LowerBound(whole, generator: Generator), 1e-12);
        var expected = marginal.LogProb(partial.narrow(-1, 0, 1));
        AssertClose(expected, p.LowerBound(partial, samples: 20_000, generator: Generator), 0.01);
        Assert.True((p.LowerBound(partial.unsqueeze(0).expand(2000, 2, 2), generator: Generator).mean([0L])
            < expected - 0.1).all().item<bool>());
        Assert.False(p.Sample(10, generator: Generator).isnan().any().item<bool>());
    }

    [Fact]
    public void A_network_that_knows_the_conditional_makes_the_bound_exact()
    {
        using var ungraded = no_grad();
        var p = new LatentDistribution(
            new Imputation(Shape.Vector(2), [1], [0, 5], [1, 2], new Conditional()),
            new Flow(Shape.Vector(2), new Affine(0.5, -2.5).On(Partition.First(1).Swapped()) >> Correlated(),
                Distribution.StandardNormal));
        p.to(ScalarType.Float64);
        var marginal = new StandardNormal(Shape.Vector(1));
        marginal.to(ScalarType.Float64);
        var partial = tensor(new[,] { { 0.3, double.NaN }, { -1.2, double.NaN } }).unsqueeze(0).expand(100, 2, 2);

        AssertClose(
            marginal.LogProb(partial.narrow(-1, 0, 1)), p.LowerBound(partial, generator: Generator), 1e-12);
    }

    [Fact]
    public void A_row_with_nothing_in_it_has_density_one()
    {
        using var ungraded = no_grad();
        var p = new LatentDistribution(
            new Imputation(Shape.Vector(2), [0, 1], [0, 0], [1, 1]), new StandardNormal(Shape.Vector(2)));
        var x = full([20, 2], float.NaN);

        Assert.True(p.LowerBound(x, generator: Generator).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void A_declaration_reads_both_and_trains_saves_and_samples()
    {
        var items = Items(400);
        using var flow = Mixed(items);
        Assert.False(flow.HasExactLogProb);
        Assert.StartsWith("Real x {0, ..., 2} x Real (entries 2 may be missing)", flow.Support.ToString());
        Assert.Contains("Imputation(columns 2)", flow.Describe());
        Assert.Contains("CategoricalDequantization(column 1: 3)", flow.Describe());
        flow.Initialize(items);
        using var adam = optim.Adam(flow.parameters(), 0.01);
        var (first, last) = (0.0, 0.0);
        for (var step = 0; step < 60; step++)
        {
            adam.zero_grad();
            var loss = -flow.LowerBound(items, generator: Generator).mean();
            loss.backward();
            adam.step();
            last = loss.item<float>();
            first = step == 0 ? last : first;
        }

        Assert.True(last < first - 0.1);
        Assert.All(flow.parameters(), parameter => Assert.NotNull(parameter.grad));

        var path = Path.GetTempFileName();
        flow.Save(path);
        using var loaded = Flow.Load(path);
        File.Delete(path);
        using var ungraded = no_grad();
        foreach (var copy in new[] { loaded, flow.Frozen(), loaded.Frozen() })
        {
            using var one = new Generator(3);
            using var other = new Generator(3);
            AssertClose(
                flow.LowerBound(items, generator: one).to(ScalarType.Float64),
                copy.LowerBound(items, generator: other).to(ScalarType.Float64), 1e-5);
        }

        var layer = Assert.IsType<CategoricalDequantization>(
            Assert.IsType<LatentDistribution>(Assert.IsType<LatentDistribution>(loaded.Base).Latent).Layer);
        Assert.Equal(["red", "green", "blue"], layer.Names![0]);
        Assert.Equal(["red", "green", "blue"], loaded.Categories[1]);
        Assert.Equal([2L], loaded.MissingColumns);
        var samples = loaded.Sample(100, generator: Generator);
        Assert.True(loaded.Support.Contains(samples).all().item<bool>());
        Assert.Equal(0, Survivors(() => loaded.LowerBound(items, samples: 2, generator: Generator).Dispose()));
        Assert.Equal(0, Survivors(() => loaded.Sample(5, generator: Generator).Dispose()));
    }

    [Fact]
    public void What_is_no_row_of_the_table_has_no_density()
    {
        using var ungraded = no_grad();
        using var flow = Mixed(Items(100));
        var nan = float.NaN;
        var rows = tensor(
            new[,] { { 0, 1, nan }, { 0, 1.5f, 0 }, { 0, 3, 0 }, { nan, 1, 0 }, { 0, nan, 0 }, { 0, -1, nan } });

        var bound = flow.LowerBound(rows, generator: Generator);

        Assert.Equal([true, false, false, false, false, false], bound.isfinite().data<bool>().ToArray());
        Assert.Equal([false, false, false, true, true, true], bound.isnan().data<bool>().ToArray());
    }

    [Fact]
    public void Steps_stand_before_a_flow_that_is_there_with_its_context()
    {
        using var ungraded = no_grad();
        var items = Items(200);
        var (location, deviation) = Imputation.Spread(items);
        using var flow = Flow.On(s_row)
            .OptionallyConditional(Shape.Vector(2), b => new ResidualMlp(2, 4, 4, 1, b.Generator))
            .AffineCoupling(8).Into(Distribution.StandardNormal)
            .After(
                new Imputation(s_row, [2], location, deviation),
                CategoricalDequantization.FittedTo(items, [(1, 3)]));
        var context = randn([200, 2], generator: Generator);

        Assert.True(flow.HasOptionalContext);
        Assert.Equal(["0", "1", "2"], flow.Categories[1]);
        Assert.True(flow.LowerBound(items, context, generator: Generator).isfinite().all().item<bool>());
        Assert.True(flow.LowerBound(items, flow.NoContext(), generator: Generator).isfinite().all().item<bool>());
        Assert.Equal([4L, 3], flow.Sample(4, context.narrow(0, 0, 4), generator: Generator).shape);
        using var levels = Flow.On(s_row).Dequantize(4).Logit().Into(Distribution.StandardNormal);
        Assert.Throws<InvalidOperationException>(() => levels.After(new Imputation(s_row, [2], location, deviation)));
    }

    [Fact]
    public void Items_are_standardised_behind_the_steps_before()
    {
        using var ungraded = no_grad();
        var items = Items(2000);
        var steps = Flow.On(s_row).Impute(items, hidden: 8).Categories(items, Colours)
            .Standardize(items);
        using var flow = steps.Into(Distribution.StandardNormal);
        var (filled, _) = ((LatentDistribution)flow.Base).Layer.Encode(items, null, Generator);
        var inner = (LatentDistribution)((LatentDistribution)flow.Base).Latent;
        var (numbers, _) = inner.Layer.Encode(filled, null, Generator);
        var z = ((Flow)inner.Latent).Transform.Forward(numbers);
        Assert.True(z.mean([0L]).abs().max().item<float>() < 0.1);
        Assert.True((z.std(0) - 1).abs().max().item<float>() < 0.1);

        // And behind bijectors: what was data before and is data now.
        using var logs = Flow.On(s_row).Then(new Asinh()).Standardize(3 * items.narrow(1, 0, 1).expand(-1, 3))
            .Into(Distribution.StandardNormal);
        var y = logs.Transform.Forward(3 * items.narrow(1, 0, 1).expand(-1, 3));
        Assert.True(y.mean([0L]).abs().max().item<float>() < 1e-4);
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_one_sentence()
    {
        var items = Items(50);
        Refused<ShapeException>(
            "Impute: expected rows (N, 3) of a table, for events (3), got (50, 2).",
            () => Flow.On(s_row).Impute(items.narrow(1, 0, 2)));
        Refused<InvalidOperationException>(
            "Impute: expected to be the first step of a flow, since no other one takes rows with missing entries.",
            () => Flow.On(s_row).Then(new Scale(2)).Impute(items));
        Assert.Throws<ArgumentException>(() => Flow.On(s_row).Impute(zeros(5, 3)));
        Assert.Throws<ArgumentException>(
            () => Flow.On(s_row).Categories(items, new Dictionary<long, IReadOnlyList<string>> { [0] = ["a", "b"] }));
        Assert.Throws<ArgumentException>(
            () => Flow.On(s_row).Categories(items, new Dictionary<long, IReadOnlyList<string>> { [7] = ["a", "b"] }));
        Assert.Throws<ArgumentException>(() => new CategoricalDequantization(s_row, [0], [[1]]));
        Assert.Throws<ArgumentException>(() => new CategoricalDequantization(s_row, [0], [[1, 1e-8]]));
        Assert.Throws<ArgumentException>(() => new CategoricalDequantization(s_row, [0, 0], [[1, 1], [1, 1]]));
        Assert.Throws<ArgumentException>(() => new CategoricalDequantization(s_row, [0], [[1, 1]], [["a"]]));
        Assert.Throws<ShapeException>(() => new CategoricalDequantization(Shape.Image(1, 2, 2), [0], [[1, 1]]));
        Assert.Throws<ArgumentException>(() => new Imputation(s_row, [0], [0, 0], [1, 1]));
        Assert.Throws<ArgumentException>(() => new Imputation(s_row, [0], [0, 0, 0], [1, 0, 1]));
        Assert.Throws<ShapeException>(
            () => new Imputation(s_row, [0], [0, 0, 0], [1, 1, 1], new ResidualMlp(4, 3, 4, 1, Generator)));
        Assert.Throws<ArgumentException>(() => Imputation.Spread(full([3, 1], float.NaN)));

        // A column of categories is not imputed: missing is a category of its own.
        Assert.Throws<DomainException>(() => Flow.On(s_row).Impute(items, [1])
            .Categories(items, Colours).Into(Distribution.StandardNormal));

        static void Refused<T>(string message, Action declare)
            where T : Exception => Assert.Equal(message, Assert.Throws<T>(declare).Message);
    }

    [Fact]
    public void Domains_of_rows_are_values()
    {
        var (real, codes) = (Domain.Real, Domain.WholeNumbers(0, 2));
        var product = ProductDomain.Of([real, codes, real]);
        Assert.Equal(product, ProductDomain.Of([real, Domain.WholeNumbers(0, 2), real]));
        Assert.NotEqual(product, ProductDomain.Of([real, real, codes]));
        Assert.Equal(real, ProductDomain.Of([real, real]));
        Assert.True(product.Includes(ProductDomain.Of([Domain.Unit, codes, real])));
        Assert.False(product.Includes(real));
        Assert.True(real.Includes(real));
        Assert.Equal(
            ProductDomain.Of([Domain.Unit, codes, real]),
            product.Intersect(ProductDomain.Of([Domain.Unit, codes, real])));
        var x = tensor(new[,] { { 5, 2, -1.0 }, { 5, 2.5, -1 } });
        Assert.Equal([true, true, true, true, false, true], product.Contains(x).data<bool>().ToArray());
        Assert.Throws<ArgumentException>(() => ProductDomain.Of([Domain.Simplex]));

        var partial = PartiallyObserved.Of(product, [2]);
        Assert.Equal(partial, PartiallyObserved.Of(product, [2, 2]));
        Assert.NotEqual(partial, PartiallyObserved.Of(product, [0]));
        Assert.True(partial.Includes(product) && !product.Includes(partial));
        Assert.True(PartiallyObserved.Of(product, [0, 2]).Includes(partial));
        Assert.Throws<ArgumentException>(() => PartiallyObserved.Of(product, [1]));
        var drawn = partial.Sample([500, 3], ScalarType.Float64, Generator);
        Assert.True(partial.Contains(drawn).all().item<bool>());
        Assert.True(drawn.select(1, 2).isnan().any().item<bool>() && !drawn.narrow(1, 0, 2).isnan().any().item<bool>());
        var near = partial.Nearest(tensor(new[,] { { 1, 1.2, double.NaN } }));
        Assert.Equal([1, 1, double.NaN], near.data<double>().ToArray());
    }

    private static Dictionary<long, IReadOnlyList<string>> Colours => new() { [1] = ["red", "green", "blue"] };

    private static Flow Mixed(Tensor items) => Flow.On(s_row, seed: 2)
        .Impute(items, hidden: 8)
        .Categories(items, Colours)
        .Standardize(items)
        .AffineCoupling(8).Linear().AffineCoupling(8).Linear()
        .Into(Distribution.DiagonalNormal);

    /// <summary>Rows (number, category, number of which a third is missing) that depend on each other.</summary>
    private Tensor Items(long count)
    {
        using var ungraded = no_grad();
        var first = randn([count], generator: Generator);
        var category = (first + (0.5 * randn([count], generator: Generator)) > 0.3).to(ScalarType.Float32)
            + (first > 1).to(ScalarType.Float32);
        var last = 40 + (10 * (first + (0.3 * randn([count], generator: Generator))));
        var missing = rand([count], generator: Generator) < 1.0 / 3;
        return stack([first, category, where(missing, full_like(last, float.NaN), last)], -1);
    }

    /// <summary>(x0, x1) to (x0, (x1 - 0.8 x0) / 0.6): standard normal points of standard normal numbers with
    /// correlation 0.8.</summary>
    private static Bijector Correlated() => new AdditiveCoupling(new Times(-0.8), Partition.First(1))
        >> new Affine(1 / 0.6, 0).On(Partition.First(1).Swapped());

    private static Tensor Joint(Tensor x)
    {
        var z = stack([x.select(-1, 0), (x.select(-1, 1) - (0.8 * x.select(-1, 0))) / 0.6], -1);
        return (-z.square() / 2).sum(-1) - Math.Log(2 * Math.PI) - Math.Log(0.6);
    }

    private static Tensor Counts(Tensor samples, Tensor rows) =>
        stack([.. rows.split(1).Select(row => samples.eq(row).all(-1).to(ScalarType.Float64).mean())]);

    private sealed class Times(double factor) : Conditioner(0)
    {
        public override int EventRank => 1;

        public override Shape OutputShape(Shape input) => input;

        public override Tensor Evaluate(Tensor input, Tensor? context) => factor * input;
    }

    /// <summary>x1 given x0 where both are standard normal with correlation 0.8.</summary>
    private sealed class Conditional() : Conditioner(0)
    {
        public override int EventRank => 1;

        public override Shape OutputShape(Shape input) => Shape.Vector(2);

        public override Tensor Evaluate(Tensor input, Tensor? context) =>
            stack([full_like(input.select(-1, 0), Math.Log(0.6)), 0.8 * input.select(-1, 0)], -1);
    }
}
