namespace Bijectors.Cli;

/// <summary>What the columns and marks of a report mean.</summary>
internal static class ReportDefinitions
{
    public static Html Likelihood { get; } = new(
        """
        <dl>
        <dt>Test bits/dim</dt><dd>Mean of -log p(x) / (D ln 2) over the test items: how many bits a code built on the
        model needs for one entry. Lower is better. Levels are dequantized with uniform noise, so for them it is an
        upper bound. With several seeds: mean ± standard error over the seeds.</dd>
        <dt>Above the lowest</dt><dd>The difference to the lowest model in bits/dim ± its standard error: over the test
        items, of which each is scored by both models, or over the seeds, whichever is larger. Best is a model that lies
        below all others and the baseline by more than twice that.</dd>
        <dt>Not converged</dt><dd>The lowest validation loss lies in the last tenth of the run, and a straight line
        through the last quarter falls by more than twice the standard error of its slope; or there are fewer than three
        validations.</dd>
        <dt>Baseline</dt><dd>A density whose entries are independent, fitted to the training items: what a model gains
        on it is what it knows about how entries belong together. In the charts it is scored on the validation
        items.</dd>
        </dl>
        """);

    public static Html Exactness { get; } = new(
        """
        <dl>
        <dt>Round trip</dt><dd>The reconstruction error: largest |x - inverse(forward(x))| over all entries of up to 256
        test items, where levels are scaled to [0, 1).</dd>
        <dt>Log-det error</dt><dd>Largest difference, per dimension and in float32, between the log-determinant that the
        model computes and that of its Jacobian by automatic differentiation, at a few test items.</dd>
        </dl>
        """);

    public static Html Calibration { get; } = new(
        """
        <dl>
        <dt>By chance</dt><dd>What the largest deviation of an exact model exceeds in one of 20 cases (Kolmogorov and
        Smirnov, two samples).</dd>
        </dl>
        """);

    public static Html Cost { get; } = new(
        """
        <dl>
        <dt>Training</dt><dd>The wall time of one run, validation included. Train items/s leave validation out.</dd>
        <dt>Scored items/s</dt><dd>Log-densities per second, in batches of 256.</dd>
        <dt>Samples/s</dt><dd>Samples per second, in batches.</dd>
        </dl>
        """);
}
