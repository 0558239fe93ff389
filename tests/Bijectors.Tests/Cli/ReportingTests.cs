using System.Net;
using System.Text.RegularExpressions;
using Bijectors.Cli;
using Bijectors.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Cli;

public sealed class ReportingTests
{
    [Fact]
    public void Ticks_are_round_numbers_within_the_axis()
    {
        Assert.Equal([0, 2, 4, 6, 8, 10], Ticks.Between(0, 10, 6).Select(x => Math.Round(x, 9)));
        Assert.Equal([2.4, 2.45, 2.5], Ticks.Between(2.39, 2.51, 3).Select(x => Math.Round(x, 9)));
        Assert.Equal([-0.5, 0, 0.5], Ticks.Between(-0.6, 0.7, 4).Select(x => Math.Round(x, 9)));
        Assert.Single(Ticks.Between(1, 1, 5));
    }

    [Fact]
    public void A_chart_leaves_out_what_is_not_finite_and_escapes_names()
    {
        Curve[] curves = [new("a<b", [(0, double.NaN), (1, 2), (2, 1)]), new("none", [])];
        var svg = CurveChart.Draw(curves, "x", "y", ("level", 1.5)).Text;
        Assert.DoesNotContain("NaN", svg);
        Assert.Contains("a&lt;b", svg);
        Assert.Contains("class=\"level\"", svg);
    }

    [Fact]
    public void The_best_validation_of_a_line_is_marked_and_lines_of_one_colour_differ()
    {
        var curves = Enumerable.Range(0, 9)
            .Select(i => new Curve($"line {i}", [(1, 3), (2, 1 + i), (3, 2.5)]) { MarksLowest = i == 0 }).ToList();
        var svg = CurveChart.Draw(curves, "x", "y", null).Text;
        Assert.Contains("<title>line 0: best, 1 at 2</title></circle>", svg);
        Assert.Equal(1, Regex.Count(svg, "<circle "));
        Assert.Contains("<polyline style=\"stroke:var(--series-0)\"", svg);
        Assert.Contains("<polyline style=\"stroke:var(--series-0);stroke-dasharray:8 4\"", svg);
    }

    [Fact]
    public void Whatever_is_put_into_a_page_is_escaped_but_for_pieces_of_it()
    {
        var piece = Html.Of($"<b title=\"{"\"><script>"}\">{1.5:F2}</b>");
        Assert.Equal("<b title=\"&quot;&gt;&lt;script&gt;\">1.50</b>", piece.Text);
        Assert.Equal("<i><b title=\"&quot;&gt;&lt;script&gt;\">1.50</b></i>", Html.Of($"<i>{piece}</i>").Text);
        Assert.Equal("&lt;a&gt;\n&lt;b&gt;", Html.Each(["<a>", "<b>"], name => Html.Of($"{name}")).Text);
    }

    [Fact]
    public void Every_pair_of_models_is_compared()
    {
        // Two dimensions, so that 2 ln 2 nats are one bit per dimension.
        var bit = 2 * Math.Log(2);
        var outcome = Outcomes.Of(
            [("maf", [[bit, 2 * bit]]), ("glow", [[2 * bit, 3 * bit]]), ("nsf", [[5 * bit, bit]])], [9, 9]);
        var page = WebUtility.HtmlDecode(ComparisonReport.Of(outcome)).ReplaceLineEndings(" ")
            .Split("<section id=\"differences\"")[1].Split("</section>")[0];
        Assert.Contains("Of 3 pairs of equally good models about 0.2 would be bold by chance.", page);
        Assert.Contains("data-label=\"MAF\"><strong>+1.000 ± 0.000</strong>", page);
        Assert.Contains("data-label=\"MAF\">+1.500 ± 2.500<", page);
        Assert.Contains("data-label=\"Glow\">+0.500 ± 2.500<", page);
        Assert.DoesNotContain("id=\"differences\"", ComparisonReport.Of(Outcomes.Of([("maf", [[1, 2]])], [9, 9])));
    }

    [Fact]
    public void Quantiles_of_columns_are_those_of_what_is_finite()
    {
        using var scope = NewDisposeScope();
        var rising = arange(101, dtype: ScalarType.Float32);
        var columns = ColumnQuantiles.Of(stack([rising, rising.flip(0) * float.PositiveInfinity], 1));
        Assert.Equal([5, 25, 50, 75, 95], columns[0].Values);
        Assert.Equal((0, 0.5, 1), (columns[0].Place(5), columns[0].Place(50), columns[0].Place(95)));
        Assert.False(columns[1].IsFinite);
        Assert.Contains(
            "not finite", BandChart.Draw("model", [("a<b", columns[0], columns[1])]).Text);
    }

    [Fact]
    public void Points_of_the_plane_are_drawn_where_they_lie()
    {
        using var scope = NewDisposeScope();
        using var pairs = new PairGrid(tensor(new float[] { 0, 0, 1, 1 }).reshape(2, 2));
        // To the right and low: the last columns, the last rows.
        var picture = pairs.Draw(tensor(new float[] { 1, 0 }).reshape(1, 2))[0, 0];
        var (row, column) = (picture.amin([1]).argmin().ToInt32(), picture.amin([0]).argmin().ToInt32());
        Assert.InRange(row, pairs.Cells * 9 / 10, pairs.Cells - 1);
        Assert.InRange(column, pairs.Cells * 9 / 10, pairs.Cells - 1);
        Assert.Equal(1, (1 - picture).sum().ToSingle());
        // The picture of a function at the middles of cells has the same axes.
        var middles = pairs.Middles();
        var nearest = (middles - tensor(new float[] { 1, 0 })).square().sum(1).argmin().ToInt64();
        Assert.Equal(row * pairs.Cells + column, nearest);
    }

    [Theory]
    [InlineData(1, "agrees")]
    [InlineData(0.5, "too narrow")]
    [InlineData(2, "too wide")]
    public void A_density_that_is_too_narrow_or_too_wide_is_told(double scale, string reading)
    {
        using var scope = NewDisposeScope();
        using var flow = Flow.On(Shape.Vector(3)).Then(new Affine(1 / scale, 0)).Into(Distribution.StandardNormal);
        var items = randn(1000, 3, generator: new Generator(3));
        var calibration = Calibration.Of(flow, items, null, seed: 1)!;
        Assert.Equal(1000, calibration.Shares.Count);
        Assert.Equal(
            reading,
            calibration.IsWithinChance ? "agrees" : calibration.Deviation < 0 ? "too narrow" : "too wide");
        var page = CalibrationSection.Of([new ReportedModel("model", Outcomes.Training) { Calibration = calibration }]);
        Assert.Contains($">{reading}<", page!.Body.Text);
    }

    [Theory]
    [InlineData(1, "1 thread")]
    [InlineData(1200, "1,200 threads")]
    public void Things_are_counted(long count, string expected) =>
        Assert.Equal(expected, Bijectors.Cli.Numbers.Count(count, "thread"));

    [Fact]
    public void The_histogram_baseline_is_what_counting_gives()
    {
        using var scope = NewDisposeScope();
        // Pixel 0: levels 0, 0, 1; pixel 1: always 1. Two levels, so p = (count + 1) / 5.
        var train = tensor(new float[] { 0, 1, 0, 1, 1, 1 }).reshape(3, 2);
        var test = tensor(new float[] { 0, 1, 1, 0 }).reshape(2, 2);
        var expected = -(Math.Log(3 / 5.0) + Math.Log(4 / 5.0) + Math.Log(2 / 5.0) + Math.Log(1 / 5.0)) / 2;
        using var data = new Dataset("pixels", 2, train, test[1..].clone(), test);
        var baseline = Baseline.Of(data, data.Validation, data.Test);
        Assert.Equal(expected, baseline.TestNllNats, 9);
        Assert.Equal(expected / (2 * Math.Log(2)), baseline.Bits(baseline.TestNllNats), 9);
        Assert.Equal(-Math.Log(3 / 5.0) - Math.Log(4 / 5.0), baseline.TestLosses[0], 9);
        Assert.Equal(-Math.Log(2 / 5.0) - Math.Log(1 / 5.0), baseline.ValidationNllNats!.Value, 9);
        Assert.Equal(
            -(2 * Math.Log(3 / 5.0) + Math.Log(2 / 5.0) + 3 * Math.Log(4 / 5.0)) / 3, baseline.TrainNllNats, 9);
    }

    [Fact]
    public void The_gaussian_baseline_scores_its_own_points_with_their_entropy()
    {
        using var scope = NewDisposeScope();
        var points = randn(20_000, 2, generator: new Generator(1)) * tensor(new[] { 1f, 3f }) + 5;
        using var data = new Dataset("points", null, points, points[..0].clone(), points.clone());
        var baseline = Baseline.Of(data, data.Validation, data.Test);
        Assert.Equal(Math.Log(2 * Math.PI * Math.E) + Math.Log(3), baseline.TestNllNats, 1);
        Assert.Null(baseline.ValidationNllNats);
    }

    [Fact]
    public void The_baseline_of_a_table_counts_categories_and_leaves_out_what_is_missing()
    {
        using var scope = NewDisposeScope();
        var train = tensor(new[,] { { 0, 1f }, { 0, 3 }, { 1, float.NaN } });
        using var data = new Dataset(
            "table", null, train, train[..0].clone(), train.clone(),
            schema: [new TableColumn("a") { Categories = ["x", "y"] }, new TableColumn("b") { MayBeMissing = true }]);
        var baseline = Baseline.Of(data, data.Validation, data.Test);
        var gaussian = (Math.Log(2 * Math.PI) / 2) + 0.5;
        Assert.Equal("independent columns", baseline.Name);
        Assert.Equal(gaussian - Math.Log(2.5 / 4), baseline.TestLosses[0], 9);
        Assert.Equal(-Math.Log(1.5 / 4), baseline.TestLosses[2], 9);
    }

    [Fact]
    public void The_baseline_of_a_validation_chart_is_that_of_the_validation_items()
    {
        var charts = Charts([4, 4], 5);
        Assert.Equal(charts, Charts([4.5, 3.7], 5));
        Assert.NotEqual(charts, Charts([4, 4], 4));
        Assert.Contains("validation nats", charts);

        static string Charts(double[] test, double validation)
        {
            var outcome = Outcomes.Of([("glow", [[3, 3]]), ("maf", [[4, 3]])], test, validation);
            return ComparisonReport.Of(outcome).Split("<section id=\"training\"")[1].Split("</section>")[0];
        }
    }

    [Fact]
    public void The_best_model_is_marked_and_sentences_say_why_or_why_not()
    {
        var best = Outcomes.Of([("glow", [[3, 3.1]]), ("maf", [[4, 4.2]])], [6, 7]);
        Assert.Contains(
            "<tr role=\"row\" class=\"best\"><th role=\"rowheader\" scope=\"row\">Glow<small>best</small></th>",
            ComparisonReport.Of(best));
        Assert.Contains(
            "Glow is best: every other model and the baseline lie above it by more than twice the "
            + "standard error of the difference.",
            ComparisonNotes.Of(best));

        var tie = Outcomes.Of([("glow", [[3, 3.1]]), ("maf", [[2, 4.2]])], [6, 7]);
        Assert.DoesNotContain("class=\"best\"", ComparisonReport.Of(tie));
        Assert.Contains(
            "No model is marked best: MAF lies above Glow, the lowest, but not by more than twice the "
            + "standard error of the difference.",
            ComparisonNotes.Of(tie));

        var beaten = Outcomes.Of([("glow", [[3, 3.1]]), ("maf", [[4, 4.2]])], [2, 2]);
        Assert.DoesNotContain("class=\"best\"", ComparisonReport.Of(beaten));
        Assert.Contains(
            "No model is marked best: Glow, the lowest, does not beat the baseline.", ComparisonNotes.Of(beaten));
        Assert.All(
            ComparisonTable.Rows(beaten).SkipLast(1), row => Assert.Contains("does not beat the baseline", row[^1]));
    }

    [Fact]
    public void A_model_that_is_scored_by_a_bound_is_named()
    {
        var outcome = Outcomes.Of([("maf", [[3, 3.1]]), ("cif", [[4, 4.2]])], [6, 7]);
        Assert.DoesNotContain(ComparisonNotes.Of(outcome), note => note.StartsWith("CIF", StringComparison.Ordinal));
        var bounded = outcome with
        {
            Contestants = [.. outcome.Contestants.Select(contestant => contestant with
            {
                Entry = contestant.Entry with { HasExactLogProb = contestant.Model.Name != "cif" },
            })],
        };
        Assert.Contains(
            "CIF has a lower bound in place of a density, from one draw of the noise inside: bits/dim lie above "
                + "those of the density, by how much is not known.",
            ComparisonNotes.Of(bounded));
    }

    [Fact]
    public void The_difference_to_the_lowest_stands_in_the_table_with_its_standard_error()
    {
        // Two dimensions, so that 2 ln 2 nats are one bit per dimension: differences of 1 and 2 bits.
        var nats = 2 * Math.Log(2);
        var rows = ComparisonTable.Rows(
            Outcomes.Of([("maf", [[2 * nats, 4 * nats]]), ("glow", [[nats, 2 * nats]])], [9, 9])).ToList();
        var column = ComparisonTable.Columns.ToList().IndexOf("Above the lowest");
        Assert.Equal(("Glow", ""), (rows[0][0], rows[0][column]));
        Assert.Equal(("MAF", "+1.500 ± 0.500"), (rows[1][0], rows[1][column]));
    }

    [Fact]
    public void A_standard_error_needs_two_runs()
    {
        Assert.Null(LossDifference.Spread([1]));
        Assert.Equal(1, LossDifference.Spread([1, 3])!.Value, 9);
        var contestant = Outcomes.Of([("maf", [[1, 2], [3, 4]])], [5, 5]).Contestants[0];
        Assert.Equal(2.5, contestant.Summary.TestNllNats);
        Assert.Equal([2, 3], contestant.Summary.TestLosses);
        Assert.Equal(1, contestant.NatsError!.Value, 9);
        Assert.Equal([1.0], contestant.OnFirst(1).Runs[0].TestLosses);
        Assert.Equal(2, contestant.OnFirst(1).Summary.TestNllNats);
    }
}
