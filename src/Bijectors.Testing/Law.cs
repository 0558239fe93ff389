namespace Bijectors.Testing;

/// <summary>One statement that is true of every bijector, and the check of it.</summary>
/// <remarks>To state a law of your own, derive from this class and pass an instance your
/// <see cref="LawCase"/>.</remarks>
public abstract class Law
{
    /// <summary>The name, one word: that of the type.</summary>
    public string Name => GetType().Name;

    /// <summary>What is true, in a line.</summary>
    public abstract string Statement { get; }

    /// <summary>What is usually wrong where it is not true.</summary>
    public abstract string UsualCause { get; }

    /// <summary>The dtypes in which it is checked.</summary>
    public virtual IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float64];

    /// <summary>What was looked at where a bijector threw.</summary>
    internal static string Threw => "it threw";

    /// <summary>Checks the law in every one of its <see cref="DTypes"/>.</summary>
    /// <param name="subject">The bijector to check, and on what.</param>
    /// <exception cref="LawViolationException">The law does not hold, or the bijector threw.</exception>
    public void Check(LawCase subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        using var lawContexts = new LawContexts(subject);
        Check(lawContexts);
    }

    internal void Check(LawContexts lawContexts)
    {
        foreach (var dtype in DTypes)
        {
            var lawContext = lawContexts[dtype];
            using var scope = NewDisposeScope();
            try
            {
                Check(lawContext);
            }
            catch (LawViolationException e)
            {
                throw e.Because(Culprit.Of(this, lawContext, e.Violation));
            }
            catch (Exception e)
            {
                var violation = new Violation(Thrown(e));
                throw new LawViolationException(
                    this, lawContext, violation, Culprit.Of(this, lawContext, violation), e);
            }
        }
    }

    /// <summary>The message of an exception. libtorch appends its native stack to the sentence that helps.</summary>
    internal static Mismatch Thrown(Exception e) =>
        new(Threw, "an answer", $"{e.GetType().Name}: {e.Message.Split('\n')[0]}");

    /// <summary>What is wrong with a bijector inside another one; null where nothing is.</summary>
    /// <param name="lawContext">The law context of the inner bijector.</param>
    /// <param name="recording">The points at which the outer one calls it.</param>
    internal virtual Violation? Look(LawContext lawContext, Recording recording)
    {
        try
        {
            Check(lawContext);
            return null;
        }
        catch (LawViolationException e)
        {
            return e.Violation;
        }
    }

    /// <summary>Checks the law in one dtype. Tensors made here are disposed afterwards.</summary>
    /// <param name="lawContext">The bijector to test, and its seeded points.</param>
    /// <exception cref="LawViolationException">The law does not hold; <see cref="LawContext.Violation"/> makes
    /// one.</exception>
    protected abstract void Check(LawContext lawContext);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
