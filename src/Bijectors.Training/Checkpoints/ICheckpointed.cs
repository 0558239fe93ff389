namespace Bijectors.Training;

/// <summary>A part of a run that a checkpoint holds: all that it changes during the run, so that a run that loads it
/// continues as the one that saved it.</summary>
public interface ICheckpointed
{
    /// <summary>Saves what this part needs to resume. What is saved is copied when the checkpoint is written.</summary>
    /// <param name="state">Takes tensors, numbers and texts by names of one's own.</param>
    void Save(CheckpointState state);

    /// <summary>Takes out what <see cref="Save"/> put in.</summary>
    /// <param name="state">Holds what was saved under the same names; its tensors are disposed afterwards.</param>
    /// <exception cref="CheckpointException">Something is missing, or does not fit.</exception>
    void Load(CheckpointState state);
}
