namespace Bijectors;

/// <summary>A network that says itself how many operations its products take: not each weight meets each row
/// once.</summary>
internal interface IMatrixWork
{
    /// <summary>Multiplications and additions of the products for one event.</summary>
    /// <param name="input">The event of the layer that holds the network.</param>
    double MatrixOperations(Shape input);
}
