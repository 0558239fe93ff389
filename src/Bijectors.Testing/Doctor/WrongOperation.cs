namespace Bijectors.Testing;

/// <summary>An operation of torch that is wrong on this machine.</summary>
/// <param name="Operation">Which, with its form: <c>nn.functional.conv2d (kernel 3)</c>.</param>
/// <param name="What">What of it is wrong: <c>gradient of argument 1</c>.</param>
/// <param name="Wrong">How many checks of it failed.</param>
/// <param name="Checks">How many checks of the operation there were.</param>
/// <param name="Example">The first that failed: shapes, layout, dtype and threads, expected and got.</param>
/// <param name="Consequence">What follows for the user, and what may help.</param>
public sealed record WrongOperation(
    string Operation, string What, int Wrong, int Checks, string Example, string Consequence)
{
    /// <summary>One line.</summary>
    public override string ToString() => $"{Operation}: {What} wrong in {Wrong} of {Checks} checks; first: {Example}";
}
