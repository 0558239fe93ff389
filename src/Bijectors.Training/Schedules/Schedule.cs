namespace Bijectors.Training;

/// <summary>
/// The learning rate over a run: a function of how far the run is, and of nothing else, so that a resumed run continues
/// with the rates of one that was never stopped.
/// </summary>
/// <remarks>
/// Those here are made of a warm-up, over which the rate rises linearly to its peak, and of what follows. One of one's
/// own overrides <see cref="Rate"/>, and <see cref="object.ToString"/> with its numbers, by which a checkpoint knows
/// it.
/// </remarks>
public abstract class Schedule
{
    /// <summary>The learning rate of the next update.</summary>
    /// <param name="peak">The learning rate of the options.</param>
    /// <param name="at">How far the run is.</param>
    public abstract double Rate(double peak, RunPosition at);

    /// <summary>True where the rate depends on validations: it is then refused where there are none.</summary>
    public virtual bool ReadsValidations => false;

    /// <summary>The peak, after a warm-up.</summary>
    /// <param name="warmup">Over how many first steps the rate rises linearly from 0.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static Schedule Constant(int warmup = 0) => new ConstantSchedule(warmup);

    /// <summary>Half a cosine over the whole run, from the peak to a share of it, after a warm-up.</summary>
    /// <param name="warmup">Over how many first steps the rate rises linearly from 0.</param>
    /// <param name="final">The share of the peak that is left at the end.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    /// <remarks>Source: Loshchilov, Hutter 2017, SGDR, arXiv 1608.03983, eq. 5, without restarts.</remarks>
    public static Schedule Cosine(int warmup = 0, double final = 0) => new CosineSchedule(warmup, final);

    /// <summary><c>final + (1 - final) (1 - t)^power</c> over the whole run, t from 0 to 1, after a warm-up.</summary>
    /// <param name="warmup">Over how many first steps the rate rises linearly from 0.</param>
    /// <param name="power">1 for a line.</param>
    /// <param name="final">The share of the peak that is left at the end.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static Schedule Polynomial(int warmup = 0, double power = 1, double final = 0) =>
        new PolynomialSchedule(warmup, power, final);

    /// <summary>Up to the peak along half a cosine, and down again along another.</summary>
    /// <param name="rise">The share of the run over which the rate rises, in (0, 1).</param>
    /// <param name="start">The share of the peak that it begins with.</param>
    /// <param name="final">The share of the peak that is left at the end.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    /// <remarks>Source: Smith, Topin 2018, Super-convergence, arXiv 1708.07120.</remarks>
    public static Schedule OneCycle(double rise = 0.3, double start = 0.04, double final = 4e-6) =>
        new OneCycleSchedule(rise, start, final);

    /// <summary>The peak, multiplied by a factor each time that validation has got no better for long enough.</summary>
    /// <param name="factor">What the rate is multiplied by, in (0, 1).</param>
    /// <param name="patience">After how many validations without a better one.</param>
    /// <param name="warmup">Over how many first steps the rate rises linearly from 0.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static Schedule ReduceOnPlateau(double factor = 0.1, int patience = 10, int warmup = 0) =>
        new PlateauSchedule(factor, patience, warmup);
}
